/* The entry of a new block. Part of the ledger; in place, because each allocation goes through
 * it. */
#ifndef HARENA_INSTRUMENT_NEW_ENTRY_H
#define HARENA_INSTRUMENT_NEW_ENTRY_H

#include "regions.h"

/* Any block's entry: that of a block which began there before is used again. NULL: the region is
 * unknown or full, which is counted. */
harena__entry *harena__find_entry(harena__watch *watch, const void *block, size_t size);

/* The next of the numbers that the arena has in hand, if the block lies in their region: not before
 * they are given up does the region go. Arenas that use memory again have none. */
static inline HARENA_ATTRIBUTE(always_inline)
    harena__entry *harena__next_entry(harena__watch *watch, uintptr_t hidden_block) {
  uint32_t number = watch->next_entry;
  if (!HARENA_LIKELY(number < watch->end_entry)) {
    return NULL;
  }
  harena__region *region = watch->region;
  size_t offset = atomic_load_explicit(&region->hidden_start, memory_order_relaxed) - hidden_block;
  if (!HARENA_LIKELY(offset < atomic_load_explicit(&region->size, memory_order_relaxed))) {
    return NULL;
  }
  watch->next_entry = number + 1;
  region->index[offset >> region->shift] = number;
  return &region->entries[number - 1];
}

/* Adds a live block, the youngest of its arena. NULL when the region is unknown or full, which is
 * counted. Entries of dead blocks whose memory it takes are dropped. */
static inline HARENA_ATTRIBUTE(always_inline) harena__entry *harena__ledger_add(
    harena__watch *watch, void *block, size_t size, size_t align, harena__stack stack) {
  harena__entry *entry = harena__next_entry(watch, harena__hide(block));
  entry = HARENA_LIKELY(entry != NULL) ? entry : harena__find_entry(watch, block, size);
  if (!HARENA_LIKELY(entry != NULL)) {
    return NULL;
  }
  *entry = (harena__entry){.hidden_block = harena__hide(block),
                           .previous = watch->youngest,
                           .size = size,
                           .open = size,
                           .arena = watch->id,
                           .generation = (uint32_t)watch->generation,
                           .birth = ++watch->births,
                           .allocated = stack,
                           .state = HARENA_LIVE,
                           .align_shift = (uint8_t)__builtin_ctzll(align)};
  watch->youngest = watch->in_place ? NULL : entry;
  return entry;
}

#endif
