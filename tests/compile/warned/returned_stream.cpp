/* clang++ -O0: -Wreturn-stack-address */
#include <harena.h>

FILE *open_output(harena *arena) {
  harena_buffer output = {};
  harena_buffer_init(&output, arena);
  return harena_buffer_stream(&output);
}
