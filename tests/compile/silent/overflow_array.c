#include <harena.h>
#include <string.h>

void use(void *block);

void fill(harena *arena);
void fill(harena *arena) {
  int *numbers = harena_new_array(arena, int, 4);
  if (numbers) {
    memset(numbers, 0, 4 * sizeof *numbers);
    use(numbers);
  }
}
