/* gcc -O2: -Wmismatched-dealloc */
#include <harena.h>
#include <stdlib.h>

int main(void) {
  harena *arena = harena_open(NULL);
  free(arena);
  return 0;
}
