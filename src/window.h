/* The window [cursor, limit) and the figures that follow from it. */
#ifndef HARENA_SRC_WINDOW_H
#define HARENA_SRC_WINDOW_H

#include "record.h"

/* Bytes charged now. */
static inline size_t harena__used(const harena__arena *arena) {
  return arena->pinned + arena->settled + harena__distance(arena->settled_at, arena->head.cursor);
}

/* Bytes that may still be charged. */
static inline size_t harena__headroom(const harena__arena *arena) {
  return arena->limit - harena__used(arena);
}

/* Folds what the inline path has bumped into `settled`, and remembers the highest use. */
static inline void harena__settle(harena__arena *arena) {
  arena->settled += harena__distance(arena->settled_at, arena->head.cursor);
  arena->settled_at = arena->head.cursor;
  arena->peak = harena__max(arena->peak, arena->pinned + arena->settled);
}

/* Puts the cursor elsewhere without charging the way. The arena must be settled. */
static inline void harena__move_cursor(harena__arena *arena, char *cursor) {
  arena->head.cursor = cursor;
  arena->settled_at = cursor;
}

/* Opens the window as far as the chunk and the limit allow, or not at all. To be called after
 * every change of the chunk, the cursor, the limit, the charge or the reasons to be closed.
 * Nothing ahead of a closed window counts as zero. */
static inline void harena__open_window(harena__arena *arena) {
  char *cursor = arena->head.cursor;
  size_t room = harena__min(harena__distance(cursor, arena->current->end),
                            harena__round_down(harena__headroom(arena)));
  bool refuses = (arena->closed & HARENA__BUSY) || (arena->closed && arena->flags & HARENA_RECYCLE);
  arena->reach = refuses ? cursor : cursor + room;
  arena->head.limit = arena->closed ? cursor : cursor + room;
  if (arena->closed) {
    arena->head.zeroed = cursor;
  }
}

/* Sets or clears one reason to be closed. */
static inline void harena__close_window(harena__arena *arena, unsigned reason, bool closed) {
  arena->closed = closed ? arena->closed | reason : arena->closed & ~reason;
  harena__open_window(arena);
}

#endif
