/* clang++ -O0: -Wdangling */
#include <harena.h>

struct storage {
  char bytes[HARENA_OVERHEAD + 64];
};

void work() {
  harena *scratch = harena_open_in(storage().bytes, sizeof(storage), nullptr);
  harena_close(scratch);
}
