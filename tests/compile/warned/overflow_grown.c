/* gcc -O2: -Warray-bounds */
#include <harena.h>
#include <string.h>

void use(void *block);

void grow(harena *arena, char *name) {
  name = harena_realloc(arena, name, 8, 32, 1);
  memset(name, 0, 33);
  use(name);
}
