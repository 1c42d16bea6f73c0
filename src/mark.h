/* Active marks cut the arena into stretches, each with an epoch of its own. */
#ifndef HARENA_SRC_MARK_H
#define HARENA_SRC_MARK_H

#include "record.h"

/* Whether `address` lies in what was allocated since `mark`. */
bool harena__is_since(const harena__arena *arena, const harena__mark *mark, const void *address);

/* The epoch of a block at `address`. */
uint64_t harena__epoch_of(const harena__arena *arena, const void *address);

/* A block older than some marks was refunded: a rewind to them must not charge it again. */
void harena__refund_marks(harena__arena *arena, const void *block, size_t charge, size_t data);

/* A block older than some marks grew within its charge: a rewind to them must not forget the
 * data. */
void harena__count_in_marks(harena__arena *arena, const void *block, size_t data);

/* Forgets all marks and starts a new generation. */
void harena__start_generation(harena__arena *arena);

#endif
