/* What must be true in a target. Never compiled out. */
#ifndef FUZZ_ENGINE_DEMAND_H
#define FUZZ_ENGINE_DEMAND_H

#include <stdio.h>
#include <stdlib.h>

#define demand(condition)                                                       \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s, line %d: not %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                  \
    }                                                                           \
  } while (0)

#endif
