/* Parents and children. A child's chunks are carved from the far end of a chunk of its parent, out
 * of the way of the parent's cursor: so they outlive the parent's rewinds and the clears that a
 * child delegates, and a child that opens and closes over and over uses the same place. */
#ifndef HARENA_SRC_FAMILY_H
#define HARENA_SRC_FAMILY_H

#include "record.h"

/* `size` bytes for a child, charged to the parent; NULL with the reason in `*status`. */
char *harena__take_from_parent(harena__arena *parent, size_t size, harena_status *status);

/* Gives a child's chunk back to its parent. */
void harena__return_to_parent(harena__arena *parent, char *memory, size_t size);

void harena__join_parent(harena__arena *child);
void harena__leave_parent(harena__arena *child);

/* Closes the children opened after the first `number`, youngest first. */
void harena__close_children_after(harena__arena *arena, uint64_t number);

/* Gives the parts of chunks that children held back to the arena, which has no children now. */
void harena__uncarve(harena__arena *arena);

/* Marks the arena, its ancestors and descendants as running cleanups, or not. */
void harena__set_busy(harena__arena *arena, bool busy);

#endif
