/* Where a program cannot change its stack. */
#include "shadow/wide_stack.h"

bool harena__call_on_wide_stack(void (*body)(void *context), void *context) {
  (void)body;
  (void)context;
  return false;
}
