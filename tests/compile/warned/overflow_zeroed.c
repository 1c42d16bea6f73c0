/* gcc -O0: -Wstringop-overflow= */
#include <harena.h>
#include <string.h>

void use(void *block);

void fill(harena *arena) {
  char *name = harena_alloc_zeroed(arena, 24, 8);
  strcpy(name, "a text of more than 23 characters");
  use(name);
}
