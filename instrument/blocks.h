/* The blocks that begin in a range, one after the other. Part of the ledger; in place, because each
 * clear goes through all that has ended.
 *
 *     harena__blocks blocks = harena__blocks_in(from, to);
 *     for (harena__entry *entry; (entry = harena__next_block(&blocks)) != NULL;) ...
 */
#ifndef HARENA_INSTRUMENT_BLOCKS_H
#define HARENA_INSTRUMENT_BLOCKS_H

#include "regions.h"

typedef struct harena__blocks {
  const uint32_t *index;
  harena__entry *entries;
  uintptr_t start; /* of the region */
  unsigned shift;
  size_t granule; /* where to look next */
  size_t end;
  uint32_t number; /* of the entry that was found last */
  const char *from;
  const char *to;
} harena__blocks;

/* In order of address, dead or alive; none where no region is known. */
static inline harena__blocks harena__blocks_in(const char *from, const char *to) {
  const harena__region *region = from < to ? harena__region_of(from) : NULL;
  if (!region) {
    return (harena__blocks){0};
  }
  uintptr_t start = ~atomic_load_explicit(&region->hidden_start, memory_order_relaxed);
  size_t behind = (((uintptr_t)to - 1 - start) >> region->shift) + 1;
  return (harena__blocks){
      .index = region->index,
      .entries = region->entries,
      .start = start,
      .shift = region->shift,
      .granule = ((uintptr_t)from - start) >> region->shift,
      .end = harena__min((region->size >> region->shift) + 1, behind),
      .from = from,
      .to = to,
  };
}

/* No block begins in another, unless that one is dead and its memory was used again. */
static inline size_t harena__granule_behind(const harena__blocks *blocks,
                                            const harena__entry *entry) {
  uintptr_t end = ~entry->hidden_block + (entry->reusable ? 0 : entry->size);
  return harena__max(blocks->granule + 1, (end - blocks->start) >> blocks->shift);
}

/* NULL: there are no more. */
static inline harena__entry *harena__next_block(harena__blocks *blocks) {
  while (blocks->granule < blocks->end) {
    blocks->number = blocks->index[blocks->granule];
    if (blocks->number == 0) {
      blocks->granule++;
      continue;
    }
    harena__entry *entry = &blocks->entries[blocks->number - 1];
    const char *block = harena__unhide(entry->hidden_block);
    blocks->granule = harena__granule_behind(blocks, entry);
    if (block >= blocks->from && block < blocks->to) {
      return entry;
    }
  }
  return NULL;
}

/* Goes on behind a block that was not come to by harena__next_block(). */
static inline harena__entry *harena__block_after(harena__blocks *blocks,
                                                 const harena__entry *entry) {
  blocks->granule = (~entry->hidden_block - blocks->start) >> blocks->shift;
  blocks->granule = harena__granule_behind(blocks, entry);
  return harena__next_block(blocks);
}

/* The block that begins at `place`, if its entry is the one behind `entry`, as it is for blocks
 * that one arena had one after the other; else NULL, which says nothing. To be used where no block
 * can lie between: one step along the entries costs less than a number of steps along the index
 * that cannot be foreseen. The index is asked first: the entry may be another thread's. */
static inline harena__entry *harena__block_born_next(harena__blocks *blocks, harena__entry *entry,
                                                     const char *place) {
  uint32_t number = blocks->number + 1;
  if (place >= blocks->to ||
      blocks->index[((uintptr_t)place - blocks->start) >> blocks->shift] != number ||
      entry[1].hidden_block != harena__hide(place)) {
    return NULL;
  }
  blocks->number = number;
  return entry + 1;
}

#endif
