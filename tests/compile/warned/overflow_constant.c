/* gcc -O0: -Wstringop-overflow= */
#include <harena.h>
#include <string.h>

void use(void *block);

void fill(harena *arena) {
  char *name = harena_alloc(arena, 16, 1);
  memset(name, 0, 17);
  use(name);
}
