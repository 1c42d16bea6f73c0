#include "regions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "cage.h"
#include "layout.h"
#include "pages.h"
#include "report/options.h"
#include "size.h"
#include "source.h"

/* Arenas take entries in batches and may leave some, an eighth more make up for that. */
static const size_t huge_page = (size_t)2 << 20;

enum { MOST_REGIONS = 1 << 17, SMALLEST_BLOCK_SPAN = 24, SPARE_PART = 8 };

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

void harena__keep_regions(void) { pthread_mutex_lock(&lock); }
void harena__let_regions_go(void) { pthread_mutex_unlock(&lock); }

__attribute__((constructor)) static void guard_fork(void) {
  pthread_atfork(harena__keep_regions, harena__let_regions_go, harena__let_regions_go);
}

/* ---- Looking up ---- */

static char *start_of(const harena__region *region) {
  return harena__unhide(atomic_load_explicit(&region->hidden_start, memory_order_acquire));
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
  if (last_outside && harena__region_holds(last_outside, address)) {
    return last_outside;
  }
  size_t used = atomic_load_explicit(&pool_used, memory_order_acquire);
  for (size_t i = 0; atomic_load(&outside) != 0 && i < used; i++) {
    if (harena__region_holds(&pool[i], address)) {
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

static size_t round_up_to_huge_page(size_t bytes) {
  return (bytes + huge_page - 1) & ~(huge_page - 1);
}

static bool has_close_blocks(const harena__region *region) {
  return !region->shared || harena__option()->layout == HARENA__LAYOUT_PACKED;
}

static uint32_t entries_for(const harena__region *region) {
  size_t span = has_close_blocks(region) ? HARENA__GRANULE : SMALLEST_BLOCK_SPAN;
  size_t most = region->size / span + 1;
  return (uint32_t)(region->shared ? most + most / SPARE_PART : most);
}

/* The index and behind it the entries. */
static size_t index_bytes(const harena__region *region) {
  return round_up_to_word(((region->size >> region->shift) + 2) * sizeof(uint32_t));
}

/* Tables of regions that were forgotten, for new ones: the system need not find memory for them,
 * which costs more than everything else that a block costs. */
enum { MOST_KEPT = 8 };
static const size_t largest_kept = (size_t)32 << 20;
static struct {
  char *memory;
  size_t bytes;
} kept[MOST_KEPT];
static size_t kept_count;

static bool keep_tables(const harena__region *region) {
  if (region->mapped < huge_page || region->mapped > largest_kept || kept_count == MOST_KEPT) {
    return false;
  }
  kept[kept_count].memory = (char *)region->index;
  kept[kept_count++].bytes = region->mapped;
  return true;
}

static char *take_kept(size_t bytes) {
  for (size_t i = 0; i < kept_count; i++) {
    if (kept[i].bytes == bytes) {
      char *memory = kept[i].memory;
      kept[i] = kept[--kept_count];
      return memory;
    }
  }
  return NULL;
}

/* Of entries only those that the index names are looked at. */
static char *reuse_tables(const harena__region *region, size_t bytes) {
  char *memory = take_kept(bytes);
  if (memory) {
    memset(memory, 0, index_bytes(region));
  }
  return memory;
}

static char *map_huge_pages(size_t bytes) {
  char *memory = harena__map_aligned_pages(bytes, huge_page);
  if (memory) {
    harena__ask_for_huge_pages(memory, bytes);
  }
  return memory;
}

static char *map_tables(size_t bytes) {
  char *memory = bytes < huge_page ? harena__map_pages(bytes) : map_huge_pages(bytes);
  all_bytes += memory ? bytes : 0;
  return memory;
}

/* Behind the last entry is one that is never used: who steps along the entries looks at it. */
static bool take_tables(harena__region *region) {
  region->capacity = entries_for(region);
  size_t bytes = index_bytes(region) + (region->capacity + 1) * sizeof(harena__entry);
  bytes = bytes < huge_page ? bytes : round_up_to_huge_page(bytes);
  char *memory = reuse_tables(region, bytes);
  memory = memory ? memory : map_tables(bytes);
  if (!memory) {
    return false;
  }
  region->index = (uint32_t *)(void *)memory;
  region->entries = (harena__entry *)(void *)(memory + index_bytes(region));
  region->mapped = bytes;
  return true;
}

static void drop_tables(harena__region *region) {
  if (!keep_tables(region)) {
    harena__unmap_pages(region->index, region->mapped);
    all_bytes -= region->mapped;
  }
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

static harena__region *add_region(char *start, size_t size, bool shared) {
  harena__region *region = take_descriptor();
  if (!region) {
    return NULL;
  }
  region->size = size;
  region->shared = shared;
  region->shift = has_close_blocks(region) ? 3 : 4;
  if (!take_tables(region)) {
    region->next = unused;
    unused = region;
    return NULL;
  }
  region->spare = 0;
  region->next = NULL;
  atomic_store(&region->count, 0);
  atomic_store_explicit(&region->hidden_start, harena__hide(start), memory_order_release);
  return region;
}

bool harena__ledger_add_region(char *start, size_t size, bool shared) {
  pthread_mutex_lock(&lock);
  harena__region *region = add_region(start, size, shared);
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
  drop_tables(region);
  region->next = unused;
  unused = region;
}

/* About what is resident of the tables. */
static size_t touched(const harena__region *region) {
  size_t bytes = index_bytes(region) + atomic_load(&region->count) * sizeof(harena__entry);
  return region->mapped < huge_page ? bytes : round_up_to_huge_page(bytes);
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
  while (retired.bytes > harena__option()->history && retired.first != retired.last) {
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
      drop_tables(&pool[i]);
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
