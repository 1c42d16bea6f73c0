/* Where redzones lie. A block of `size` bytes is followed by its redzone; the one before it is the
 * end of its neighbour's, or of the one at the start of the chunk. With layout=separate a block
 * lies at the end of pages of its own, and the page behind them faults. */
#ifndef HARENA_INSTRUMENT_LAYOUT_H
#define HARENA_INSTRUMENT_LAYOUT_H

#include "ledger.h"
#include "pages.h"
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
enum { HARENA__LAYOUT_PACKED, HARENA__LAYOUT_SPACED, HARENA__LAYOUT_SEPARATE };

/* Whether an arena goes on at the same addresses after a clear. */
static inline bool harena__reuses_addresses(const harena__watch *watch) { return watch->in_place; }

/* Whether pages of the arena that hold nothing any more may be taken away. */
bool harena__may_take_pages(const harena__watch *watch);

/* Whether each generation of the arena has pages of its own, which are taken away at its end. */
bool harena__is_exact_guard(const harena__watch *watch);

/* The smallest redzone of an arena; 0: it has none. */
static inline size_t harena__least_redzone(harena__home home) {
  size_t least = harena__max(harena__option()->redzone, harena__tool()->least_redzone);
  bool packed = home == HARENA__IN_BUFFER || harena__option()->layout == HARENA__LAYOUT_PACKED;
  return packed ? 0 : least;
}

static inline size_t harena__round_up_to_page(size_t size) {
  size_t page = harena__page_size();
  return (size + page - 1) & ~(page - 1);
}

/* From the page where a generation begins to its first block, if it has pages of its own. */
static inline size_t harena__generation_gap(const harena__watch *watch) {
  return watch->fenced ? 0 : HARENA__FRONT_REDZONE;
}

/* Of an arena whose blocks have pages of their own. */
size_t harena__fenced_span(size_t size) HARENA_ATTRIBUTE(cold);
size_t harena__fenced_back_redzone(const harena__entry *entry) HARENA_ATTRIBUTE(cold);
size_t harena__fenced_front_redzone(const char *block) HARENA_ATTRIBUTE(cold);

/* The redzone behind a block. Follows from its rounded size alone: a block may grow within its
 * charge where it is. */
static inline size_t harena__redzone_of(const harena__watch *watch, size_t rounded) {
  size_t grown = harena__min(rounded / 4, watch->largest_redzone);
  return harena__round_up(harena__max(watch->redzone, grown));
}

/* Bytes from the start of a block of `size` bytes to the earliest start of the next one. */
static inline size_t harena__block_span(const harena__watch *watch, size_t size) {
  size_t rounded = harena__round_up(size);
  return HARENA_LIKELY(!watch->fenced) ? rounded + harena__redzone_of(watch, rounded)
                                       : harena__fenced_span(size);
}

/* From the start of a block to the end of its redzone, if it has no pages of its own. */
static inline size_t harena__block_end(const harena__entry *entry) {
  return harena__round_up(entry->size) + entry->redzone;
}

/* The entry's bytes behind the block that nobody may touch, but for a page that faults. `size` is
 * that of the block, which whoever has made it need not read from the entry. */
static inline size_t harena__back_redzone(const harena__watch *watch, const harena__entry *entry,
                                          size_t size) {
  return HARENA_LIKELY(!watch->fenced) ? harena__round_up(size) - size + entry->redzone
                                       : harena__fenced_back_redzone(entry);
}

/* The bytes before a block that are its own. The page before may be its neighbour's guard. */
static inline size_t harena__front_redzone(const harena__watch *watch, const char *block) {
  if (!HARENA_LIKELY(!watch->fenced)) {
    return harena__fenced_front_redzone(block);
  }
  return watch->redzone ? HARENA__UNDERRUN_REACH : 0;
}

#endif
