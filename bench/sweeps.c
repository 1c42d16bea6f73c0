/* A program with as many MiB of live heap as its argument says, which clears an arena again and
 * again: each clear ends with a sweep when `escape=immediate`. */
#include <harena.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLEARS = 20, BLOCKS = 100 };

int main(int count, char **words) {
  size_t size = (size_t)(count > 1 ? atoi(words[1]) : 4) << 20;
  unsigned *live = malloc(size);
  harena *arena = harena_open(NULL);
  if (!live || !arena) {
    return 2;
  }
  /* Numbers of all sizes, as programs have them. */
  unsigned number = 1;
  for (size_t i = 0; i < size / sizeof *live; i++) {
    number = number * 1664525 + 1013904223;
    live[i] = number >> i % 32;
  }
  for (int round = 0; round < CLEARS; round++) {
    for (int i = 0; i < BLOCKS; i++) {
      char *block = harena_alloc(arena, 16, 8);
      if (block) {
        *block = 1;
      }
    }
    harena_clear(arena);
  }
  harena_close(arena);
  printf("%u\n", live[size / sizeof *live - 1]);
  free(live);
}
