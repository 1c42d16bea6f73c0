#include <harena.h>
#include <string.h>

void use(void *block);

void fill(harena *arena);
void fill(harena *arena) {
  char *name = harena_alloc(arena, 16, 1);
  if (name) {
    memset(name, 0, 16);
    use(name);
  }
}
