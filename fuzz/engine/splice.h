/* How inputs that are rows of operations change: whole operations are inserted, removed, moved and
 * exchanged with those of other inputs, so that what was good about the rest of a row stays
 * good. */
#ifndef FUZZ_ENGINE_SPLICE_H
#define FUZZ_ENGINE_SPLICE_H

#include <stddef.h>

/* `front` bytes, which stay in front, and behind them operations of so many bytes, at most 8. */
typedef struct row_shape {
  size_t front;
  size_t operation;
} row_shape;

/* The target's. */
extern const row_shape splice_shape;

#endif
