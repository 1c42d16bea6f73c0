/* Where redzones lie. A block of `size` bytes is followed by its redzone; the one before it is the
 * end of its neighbour's, or of the one at the start of the chunk. */
#ifndef HARENA_INSTRUMENT_LAYOUT_H
#define HARENA_INSTRUMENT_LAYOUT_H

#include "ledger.h"
#include "report/options.h"
#include "shadow/shadow.h"

enum { HARENA__FRONT_REDZONE = 16, HARENA__LARGEST_REDZONE = 2048 };

/* Of the bytes between two blocks these are the second one's: the nearer half of the smallest
 * redzone. */
enum { HARENA__UNDERRUN_REACH = HARENA__FRONT_REDZONE / 2 };

/* How far a dead block can still be looked at. */
enum { HARENA__NOT_SWEPT, HARENA__SWEPT, HARENA__SWEPT_AND_GONE };

/* Values of the options of the same names. */
enum { HARENA__REALLOC_STAY, HARENA__REALLOC_MOVE };
enum { HARENA__GUARD_SLAB, HARENA__GUARD_EXACT };

/* Whether an arena goes on at the same addresses after a clear. */
static inline bool harena__reuses_addresses(const harena__watch *watch) { return watch->in_place; }

/* Whether each generation of the arena has pages of its own, which are taken away at its end. */
bool harena__is_exact_guard(const harena__watch *watch);

/* The smallest redzone of an arena; 0: it has none. */
static inline size_t harena__least_redzone(harena__home home) {
  size_t least = harena__max(harena__option()->redzone, harena__tool()->least_redzone);
  return home == HARENA__IN_BUFFER ? 0 : least;
}

/* Bytes from the start of a block of `size` bytes to the earliest start of the next one. Follows
 * from the rounded size alone: a block may grow within its charge where it is. */
static inline size_t harena__block_span(const harena__watch *watch, size_t size) {
  size_t rounded = harena__round_up(size);
  size_t grown = harena__min(rounded / 4, HARENA__LARGEST_REDZONE);
  return harena__round_up(rounded + (watch->redzone ? harena__max(watch->redzone, grown) : 0));
}

/* The entry's bytes behind the block that nobody may touch. */
static inline size_t harena__back_redzone(const harena__watch *watch, const harena__entry *entry) {
  return harena__block_span(watch, entry->size) - entry->size;
}

#endif
