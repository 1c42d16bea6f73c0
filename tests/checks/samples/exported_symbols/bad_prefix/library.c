#include "include/harena/a.h"
int harena_one(void) {
  return 1;
}
int helper;
