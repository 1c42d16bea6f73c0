#include <harena.h>

static void finish(void *context) { (void)context; }

void *results(harena *arena, void *block);
void *results(harena *arena, void *block) {
  char *text = harena_printf(arena, "%d", 1);
  if (!harena_defer(arena, finish, text)) {
    return NULL;
  }
  block = harena_realloc(arena, block, 8, 16, 8);
  return block ? harena_new(arena, int) : NULL;
}
