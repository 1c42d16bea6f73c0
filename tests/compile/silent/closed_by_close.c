#include <harena.h>
#include <stdlib.h>

int main(void) {
  static char buffer[HARENA_OVERHEAD + 64];
  char *heap = malloc(64);
  harena *arena = harena_open(NULL);
  harena *fixed = harena_open_in(buffer, sizeof buffer, NULL);
  harena_close(fixed);
  harena_close(arena);
  free(heap);
  return 0;
}
