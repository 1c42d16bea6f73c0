/* A program of somebody who installed harena: works with it and says which variant it got. */
#include <harena.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  harena *arena = harena_open(NULL);
  if (!arena) {
    return 1;
  }
  int *number = harena_new(arena, int);
  char *text = harena_printf(arena, "harena %s", harena_version());
  if (!number || !text || strncmp(text, "harena ", 7) != 0) {
    return 1;
  }
  *number = 42;
  puts(harena_instrumented() ? "instrumented" : "release");
  harena_clear(arena);
  harena_close(arena);
  return 0;
}
