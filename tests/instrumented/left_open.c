/* Ends with an arena open, calling nothing of debug.h. */
#include <harena.h>

static harena *volatile arena;

int main(void) {
  arena = harena_open(&(harena_options){.name = "left open"});
  return arena == NULL;
}
