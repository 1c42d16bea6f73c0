#include "regions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "cage.h"
#include "pages.h"

enum { MOST_REGIONS = 1 << 17, SMALLEST_BLOCK_SPAN = 24 };

/* What dead regions may take before the oldest are forgotten. */
static const size_t history_bytes = (size_t)256 << 20;

typedef struct queue {
  harena__region *first;
  harena__region *last;
  size_t bytes;
} queue;

#define POOL_SIZE (MOST_REGIONS * sizeof(harena__region))

/* Changed under the lock; read without it, also in signal handlers: descriptors stay mapped. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static harena__region *pool;
static _Atomic size_t pool_used;
static harena__region *unused;
static queue retired;
static size_t all_bytes;

/* By slab of the cage. */
static _Atomic(_Atomic(harena__region *) *) slab_table;
static size_t slab_table_size;

/* Regions outside the cage: the part of the pool that must be searched. */
static _Atomic size_t outside;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

__attribute__((constructor)) static void guard_fork(void) {
  pthread_atfork(take_lock, drop_lock, drop_lock);
}

/* ---- Looking up ---- */

static char *start_of(const harena__region *region) {
  return harena__unhide(atomic_load_explicit(&region->hidden_start, memory_order_acquire));
}

static bool holds(const harena__region *region, const void *address) {
  const char *start = start_of(region);
  return start && harena__within(start, region->size, address);
}

static harena__region *find_in_cage(const void *address) {
  _Atomic(harena__region *) *table = atomic_load_explicit(&slab_table, memory_order_acquire);
  size_t slab = harena__cage_slab(address);
  return table ? atomic_load_explicit(&table[slab], memory_order_acquire) : NULL;
}

/* The last one found, which is mostly the next as well. A descriptor may have been used again
 * since: it is asked. */
static _Thread_local harena__region *last_outside HARENA_ATTRIBUTE(tls_model("initial-exec"));

static harena__region *find_outside(const void *address) {
  if (last_outside && holds(last_outside, address)) {
    return last_outside;
  }
  size_t used = atomic_load_explicit(&pool_used, memory_order_acquire);
  for (size_t i = 0; atomic_load(&outside) != 0 && i < used; i++) {
    if (holds(&pool[i], address)) {
      last_outside = &pool[i];
      return last_outside;
    }
  }
  return NULL;
}

harena__region *harena__region_of(const void *address) {
  return harena__cage_holds(address) ? find_in_cage(address) : find_outside(address);
}

/* ---- Adding and dropping ---- */

static size_t round_up_to_word(size_t bytes) {
  return (bytes + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1);
}

static uint32_t entries_for(size_t size, unsigned granule) {
  size_t span = granule == HARENA__GRANULE ? HARENA__GRANULE : SMALLEST_BLOCK_SPAN;
  return (uint32_t)(size / span + 1);
}

/* The index and behind it the entries. */
static bool map_tables(harena__region *region, size_t size, unsigned granule) {
  size_t index_bytes = round_up_to_word((size / granule + 2) * sizeof(uint32_t));
  uint32_t capacity = entries_for(size, granule);
  size_t bytes = index_bytes + capacity * sizeof(harena__entry);
  char *memory = harena__map_pages(bytes);
  if (!memory) {
    return false;
  }
  region->index = (uint32_t *)(void *)memory;
  region->entries = (harena__entry *)(void *)(memory + index_bytes);
  region->capacity = capacity;
  region->mapped = bytes;
  all_bytes += bytes;
  return true;
}

static void unmap_tables(harena__region *region) {
  harena__unmap_pages(region->index, region->mapped);
  all_bytes -= region->mapped;
  region->mapped = 0;
}

static harena__region *take_descriptor(void) {
  if (unused) {
    harena__region *region = unused;
    unused = region->next;
    return region;
  }
  if (!pool) {
    pool = harena__map_pages(POOL_SIZE);
  }
  size_t used = atomic_load(&pool_used);
  if (!pool || used == MOST_REGIONS) {
    return NULL;
  }
  atomic_store(&pool[used].hidden_start, harena__hide(NULL));
  atomic_store(&pool_used, used + 1);
  return &pool[used];
}

static _Atomic(harena__region *) *slabs(void) {
  _Atomic(harena__region *) *table = atomic_load(&slab_table);
  if (!table) {
    slab_table_size = harena__cage_slabs() * sizeof *table;
    table = harena__map_pages(slab_table_size);
    atomic_store(&slab_table, table);
  }
  return table;
}

/* Makes the region findable, or not (`region` NULL). */
static void enter_slabs(const char *start, size_t size, harena__region *region) {
  _Atomic(harena__region *) *table = slabs();
  size_t first = harena__cage_slab(start);
  for (size_t i = 0; table && i < size >> HARENA__SLAB_SHIFT; i++) {
    atomic_store(&table[first + i], region);
  }
}

static harena__region *add_region(char *start, size_t size, unsigned granule) {
  harena__region *region = take_descriptor();
  if (!region) {
    return NULL;
  }
  if (!map_tables(region, size, granule)) {
    region->next = unused;
    unused = region;
    return NULL;
  }
  region->size = size;
  region->shift = granule == HARENA__GRANULE ? 3 : 4;
  region->spare = 0;
  region->next = NULL;
  atomic_store(&region->count, 0);
  atomic_store_explicit(&region->hidden_start, harena__hide(start), memory_order_release);
  return region;
}

bool harena__ledger_add_region(char *start, size_t size, unsigned granule) {
  pthread_mutex_lock(&lock);
  harena__region *region = add_region(start, size, granule);
  if (region && harena__cage_holds(start)) {
    enter_slabs(start, size, region);
  } else if (region) {
    atomic_fetch_add(&outside, 1);
  }
  pthread_mutex_unlock(&lock);
  return region != NULL;
}

static void forget(harena__region *region) {
  char *start = start_of(region);
  atomic_store(&region->hidden_start, harena__hide(NULL));
  if (harena__cage_holds(start)) {
    enter_slabs(start, region->size, NULL);
  } else {
    atomic_fetch_sub(&outside, 1);
  }
  unmap_tables(region);
  region->next = unused;
  unused = region;
}

/* About what is resident of the tables. */
static size_t touched(const harena__region *region) {
  return atomic_load(&region->count) * sizeof(harena__entry) +
         (region->size >> region->shift) * sizeof(uint32_t);
}

static void leave_queue(const harena__region *region) {
  harena__region *before = NULL;
  harena__region *it = retired.first;
  while (it && it != region) {
    before = it;
    it = it->next;
  }
  if (!it) {
    return;
  }
  retired.bytes -= touched(it);
  if (before) {
    before->next = it->next;
  } else {
    retired.first = it->next;
  }
  if (retired.last == it) {
    retired.last = before;
  }
}

void harena__ledger_drop_region(char *start) {
  pthread_mutex_lock(&lock);
  harena__region *region = harena__region_of(start);
  if (region && start_of(region) == start) {
    leave_queue(region);
    forget(region);
  }
  pthread_mutex_unlock(&lock);
}

static void enter_queue(harena__region *region) {
  region->next = NULL;
  if (retired.last) {
    retired.last->next = region;
  } else {
    retired.first = region;
  }
  retired.last = region;
}

void harena__ledger_retire_region(char *start) {
  pthread_mutex_lock(&lock);
  harena__region *region = harena__region_of(start);
  if (region && start_of(region) == start) {
    enter_queue(region);
    retired.bytes += touched(region);
  }
  while (retired.bytes > history_bytes && retired.first != retired.last) {
    harena__region *oldest = retired.first;
    retired.bytes -= touched(oldest);
    retired.first = oldest->next;
    forget(oldest);
  }
  pthread_mutex_unlock(&lock);
}

size_t harena__regions_bytes(void) { return all_bytes; }

/* ---- For tests ---- */

void harena__regions_forget(void) {
  size_t used = atomic_load(&pool_used);
  for (size_t i = 0; i < used; i++) {
    if (pool[i].mapped) {
      unmap_tables(&pool[i]);
    }
  }
  if (pool) {
    harena__unmap_pages(pool, POOL_SIZE);
  }
  if (slab_table) {
    harena__unmap_pages(slab_table, slab_table_size);
  }
  pool = NULL;
  unused = NULL;
  last_outside = NULL;
  retired = (queue){0};
  atomic_store(&slab_table, NULL);
  atomic_store(&pool_used, 0);
  atomic_store(&outside, 0);
}
