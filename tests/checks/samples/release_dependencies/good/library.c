#include <stdlib.h>

void *harena_one(void) {
  return malloc(1);
}
