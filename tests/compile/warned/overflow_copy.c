/* gcc -O2: -Warray-bounds */
#include <harena.h>

char last(harena *arena, const char *text) {
  char *copy = harena_dup(arena, text, 8, 1);
  return copy[8];
}
