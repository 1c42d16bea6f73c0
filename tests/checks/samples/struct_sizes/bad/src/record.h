#include "hooks.h"
struct record {
  hook_state state;
};
