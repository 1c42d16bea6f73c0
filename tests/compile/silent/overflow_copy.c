#include <harena.h>

char last(harena *arena, const char *text);
char last(harena *arena, const char *text) {
  char *copy = harena_dup(arena, text, 8, 1);
  return copy ? copy[7] : '\0';
}
