#include <harena.h>
#include <string.h>

void use(void *block);

void grow(harena *arena, char *name);
void grow(harena *arena, char *name) {
  name = harena_realloc(arena, name, 8, 32, 1);
  if (name) {
    memset(name, 0, 32);
    use(name);
  }
}
