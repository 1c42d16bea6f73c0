/* gcc -O2: -Wuse-after-free */
#include <harena.h>

int main(void) {
  harena *arena = harena_open(NULL);
  harena_close(arena);
  harena_close(arena);
  return 0;
}
