#ifndef HARENA_A_H
#define HARENA_A_H
#include <stddef.h>
static inline size_t size(void) {
  return 0;
}
#endif
