/* clang++ -O0: -Wreturn-stack-address */
#include <harena.h>

harena *open_scratch() {
  char buffer[HARENA_OVERHEAD + 64];
  return harena_open_in(buffer, sizeof buffer, nullptr);
}
