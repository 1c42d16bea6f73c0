/* Freed blocks by size, for arenas that ask for HARENA_RECYCLE. */
#ifndef HARENA_SRC_RECYCLE_H
#define HARENA_SRC_RECYCLE_H

#include "record.h"

/* Puts `span` bytes, a multiple of 8, on the list of their size. */
void harena__recycle(harena__arena *arena, void *block, size_t span);

/* Takes a block of `span` bytes off the lists; the rest of a larger one goes back on them. NULL
 * when there is none. */
char *harena__take_recycled(harena__arena *arena, size_t span, size_t align);

/* Forgets all of them. */
void harena__forget_recycled(harena__arena *arena);

#endif
