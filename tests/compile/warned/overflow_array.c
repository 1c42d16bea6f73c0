/* gcc -O0: -Wstringop-overflow= */
#include <harena.h>
#include <string.h>

void use(void *block);

void fill(harena *arena) {
  int *numbers = harena_new_array(arena, int, 4);
  memset(numbers, 0, 5 * sizeof *numbers);
  use(numbers);
}
