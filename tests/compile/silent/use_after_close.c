#include <harena.h>

int main(void) {
  harena *arena = harena_open(NULL);
  harena_clear(arena);
  harena_close(arena);
  arena = harena_open(NULL);
  harena_clear(arena);
  harena_close(arena);
  return 0;
}
