/* Regions: from an address to the entry of its block. Part of the ledger. */
#ifndef HARENA_INSTRUMENT_REGIONS_H
#define HARENA_INSTRUMENT_REGIONS_H

#include <stdatomic.h>

#include "ledger.h"

typedef struct harena__region {
  _Atomic uintptr_t hidden_start; /* of an unused region: hides NULL */
  _Atomic size_t size;
  bool shared;            /* by several arenas */
  unsigned shift;         /* of a granule */
  uint32_t capacity;      /* entries that there is room for */
  _Atomic uint32_t count; /* entries used */
  uint32_t *index;        /* by granule: 1 + the entry of the block that begins there */
  harena__entry *entries;
  _Atomic uint32_t
      spare; /* 1 + the first entry of a list that is not used any more, linked by `size` */
  size_t mapped;
  struct harena__region *next; /* in the queue of retired ones, or of unused ones */
} harena__region;

/* A descriptor may be used again meanwhile: its size is that of the start only if the start is
 * still the same afterwards. */
static inline bool harena__region_holds(const harena__region *region, const void *address) {
  uintptr_t hidden = atomic_load_explicit(&region->hidden_start, memory_order_acquire);
  size_t size = atomic_load_explicit(&region->size, memory_order_acquire);
  const char *start = harena__unhide(hidden);
  return start && harena__within(start, size, address) &&
         atomic_load_explicit(&region->hidden_start, memory_order_relaxed) == hidden;
}

/* The region that holds `address`, or NULL. Takes no lock. */
harena__region *harena__region_of(const void *address);

/* Between these two no region is added or goes: for who reads entries of arenas that are not
 * his. */
void harena__keep_regions(void);
void harena__let_regions_go(void);

/* For tests: unmaps everything. */
void harena__regions_forget(void);

/* Bytes of all indexes and entries, an upper bound of what is resident. */
size_t harena__regions_bytes(void);

#endif
