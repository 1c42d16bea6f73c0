/* Ends with an arena open whose handle is nowhere but in what main() has left on the stack. */
#include <harena.h>

enum { COPIES = 512 };

int main(void) {
  harena *volatile copies[COPIES];
  harena *arena = harena_open(&(harena_options){.name = "left in a frame"});
  for (size_t i = 0; i < COPIES; i++) {
    copies[i] = arena;
  }
  return copies[COPIES - 1] == NULL;
}
