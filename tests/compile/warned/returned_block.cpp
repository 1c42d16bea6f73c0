/* clang++ -O0: -Wreturn-stack-address */
#include <harena.h>

char *greet(const char *name) {
  char buffer[HARENA_OVERHEAD + 64];
  harena *const scratch = harena_open_in(buffer, sizeof buffer, nullptr);
  return harena_printf(scratch, "hello, %s", name);
}
