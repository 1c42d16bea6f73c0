/* A range of addresses, as numbers: what it covers may be gone. */
#ifndef HARENA_INSTRUMENT_RANGE_H
#define HARENA_INSTRUMENT_RANGE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct harena__range {
  uintptr_t start;
  uintptr_t end;
} harena__range;

static inline bool harena__range_holds(harena__range range, uintptr_t address) {
  return address - range.start < range.end - range.start;
}

#endif
