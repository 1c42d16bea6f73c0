#include "ledger.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "blocks.h"
#include "new_entry.h"
#include "pages.h"

/* ---- Arenas ---- */

/* A watch and its place among others: by handle, newest first, and among the closed, oldest first.
 * A program that opens arenas in one buffer makes a long list, from whose old end slots are taken.
 */
typedef struct slot {
  harena__watch watch; /* first: a pointer to it is one to the slot */
  struct slot *older_at_handle;
  struct slot *newer_at_handle;
  struct slot *next_closed;
} slot;

enum { SLOT_BITS = 20, MOST_SLOTS = 1 << SLOT_BITS, HANDLE_BUCKETS = 1 << 16, MOST_CLOSED = 65536 };

#define SLOTS_SIZE (MOST_SLOTS * sizeof(slot))
#define HANDLES_SIZE (HANDLE_BUCKETS * sizeof(slot *))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static slot *slots;
static slot **by_handle;
static _Atomic size_t slots_used;
static slot *oldest_closed;
static slot *newest_closed;
static size_t closed_count;
static _Atomic size_t arenas_lost;
static uint64_t arenas_opened;
static uint64_t blocks_of_forgotten;

/* Guards the lists of spare entries; most regions never have any. */
static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;

static void take_locks(void) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&spare_lock);
}

static void drop_locks(void) {
  pthread_mutex_unlock(&spare_lock);
  pthread_mutex_unlock(&lock);
}

/* At load, before the cage registers its own: the cage calls the ledger with its lock held, and
 * what is registered last is taken first. */
__attribute__((constructor)) static void guard_fork(void) {
  pthread_atfork(take_locks, drop_locks, drop_locks);
}

static slot **bucket_of(uintptr_t hidden_handle) {
  uint64_t mixed = (uint64_t)hidden_handle * 0x9e3779b97f4a7c15ULL;
  return &by_handle[mixed >> 48];
}

/* Written once: threads that have opened an arena read them without the lock. */
static bool map_slots(void) {
  if (!slots) {
    slots = harena__map_pages(SLOTS_SIZE);
  }
  if (!by_handle) {
    by_handle = harena__map_pages(HANDLES_SIZE);
  }
  return slots && by_handle;
}

static void enter_bucket(slot *it) {
  slot **newest = bucket_of(it->watch.hidden_handle);
  it->older_at_handle = *newest;
  it->newer_at_handle = NULL;
  if (*newest) {
    (*newest)->newer_at_handle = it;
  }
  *newest = it;
}

static void leave_bucket(const slot *it) {
  if (it->newer_at_handle) {
    it->newer_at_handle->older_at_handle = it->older_at_handle;
  } else {
    *bucket_of(it->watch.hidden_handle) = it->older_at_handle;
  }
  if (it->older_at_handle) {
    it->older_at_handle->newer_at_handle = it->newer_at_handle;
  }
}

static slot *reuse_oldest_closed(void) {
  slot *it = oldest_closed;
  oldest_closed = it->next_closed;
  closed_count--;
  leave_bucket(it);
  return it;
}

/* A slot that is used again gets another id: entries that still name the old one find nothing. */
static slot *take_slot(void) {
  size_t used = atomic_load(&slots_used);
  if (closed_count > MOST_CLOSED || (used == MOST_SLOTS && oldest_closed)) {
    slot *it = reuse_oldest_closed();
    blocks_of_forgotten += it->watch.births;
    uint32_t id = it->watch.id + MOST_SLOTS;
    memset(it, 0, sizeof *it);
    it->watch.id = id;
    return it;
  }
  if (used == MOST_SLOTS) {
    return NULL;
  }
  slots[used].watch.id = (uint32_t)used + MOST_SLOTS;
  atomic_store(&slots_used, used + 1);
  return &slots[used];
}

static slot *open_slot(const harena__arena *arena, harena__home home) {
  slot *it = map_slots() ? take_slot() : NULL;
  if (!it) {
    return NULL;
  }
  it->watch.hidden_handle = harena__hide(arena);
  it->watch.home = home;
  it->watch.generation = 1;
  it->watch.open = true;
  arenas_opened++;
  memcpy(it->watch.name, arena->name, sizeof it->watch.name);
  enter_bucket(it);
  return it;
}

harena__watch *harena__ledger_open(const harena__arena *arena, harena__home home) {
  pthread_mutex_lock(&lock);
  slot *it = open_slot(arena, home);
  pthread_mutex_unlock(&lock);
  if (!it) {
    atomic_fetch_add(&arenas_lost, 1);
    return NULL;
  }
  return &it->watch;
}

void harena__ledger_close(harena__watch *watch) {
  slot *it = (slot *)(void *)watch;
  pthread_mutex_lock(&lock);
  watch->open = false;
  it->next_closed = NULL;
  if (oldest_closed) {
    newest_closed->next_closed = it;
  } else {
    oldest_closed = it;
  }
  newest_closed = it;
  closed_count++;
  pthread_mutex_unlock(&lock);
}

harena__watch *harena__ledger_watch_at(const void *handle) {
  uintptr_t hidden = harena__hide(handle);
  pthread_mutex_lock(&lock);
  slot *it = by_handle ? *bucket_of(hidden) : NULL;
  while (it && it->watch.hidden_handle != hidden) {
    it = it->older_at_handle;
  }
  pthread_mutex_unlock(&lock);
  return it ? &it->watch : NULL;
}

harena__watch *harena__ledger_watch_of(const harena__entry *entry) {
  size_t number = entry->arena % MOST_SLOTS;
  harena__watch *watch = &slots[number].watch;
  return number < atomic_load(&slots_used) && watch->id == entry->arena ? watch : NULL;
}

void harena__ledger_each_arena(void (*each)(harena__watch *watch, void *context), void *context) {
  size_t used = atomic_load(&slots_used);
  for (size_t i = 0; i < used; i++) {
    each(&slots[i].watch, context);
  }
}

size_t harena__arenas_lost(void) {
  return atomic_load_explicit(&arenas_lost, memory_order_relaxed);
}

/* ---- Blocks ---- */

static _Atomic size_t blocks_lost;

static size_t granule_of(const harena__region *region, uintptr_t hidden_block) {
  uintptr_t start = ~atomic_load_explicit(&region->hidden_start, memory_order_relaxed);
  return (~hidden_block - start) >> region->shift;
}

/* Only in a region of one arena: elsewhere another thread would get an entry that this one may
 * still look at. */
static void put_spare(harena__region *region, uint32_t number) {
  if (region->shared) {
    return;
  }
  pthread_mutex_lock(&spare_lock);
  region->entries[number - 1].size = region->spare;
  region->spare = number;
  pthread_mutex_unlock(&spare_lock);
}

static uint32_t take_spare(harena__region *region) {
  pthread_mutex_lock(&spare_lock);
  uint32_t number = region->spare;
  if (number) {
    region->spare = (uint32_t)region->entries[number - 1].size;
  }
  pthread_mutex_unlock(&spare_lock);
  return number;
}

/* The first of `count` numbers that nobody has had, or 0. */
static uint32_t take_fresh(harena__region *region, uint32_t count) {
  if (atomic_load_explicit(&region->count, memory_order_relaxed) + count > region->capacity) {
    return 0;
  }
  uint32_t used = atomic_fetch_add_explicit(&region->count, count, memory_order_relaxed);
  return used + count <= region->capacity ? used + 1 : 0;
}

/* How many numbers an arena takes at once where it has just had one: the counter is shared. */
enum { BATCH = 16 };

static uint32_t take_batch(harena__watch *watch, harena__region *region) {
  uint32_t number = take_fresh(region, BATCH);
  if (!number) {
    return take_fresh(region, 1);
  }
  watch->next_entry = number + 1;
  watch->end_entry = number + BATCH;
  return number;
}

static uint32_t take_entry(harena__watch *watch, harena__region *region) {
  bool known = watch->region == region;
  if (known && watch->next_entry < watch->end_entry) {
    return watch->next_entry++;
  }
  watch->region = region;
  watch->next_entry = watch->end_entry;
  uint32_t number = region->spare ? take_spare(region) : 0;
  if (number) {
    return number;
  }
  bool comes_again = known && region->shared && !watch->reuses;
  return comes_again ? take_batch(watch, region) : take_fresh(region, 1);
}

void harena__ledger_leave_region(harena__watch *watch) {
  watch->region = NULL;
  watch->next_entry = watch->end_entry;
}

static harena__region *region_for(const harena__watch *watch, const void *block) {
  harena__region *last = watch->region;
  return last && harena__region_holds(last, block) ? last : harena__region_of(block);
}

/* Entries of dead blocks that began inside the memory of a new one. */
static void drop_overlapped(harena__region *region, size_t first, size_t last) {
  for (size_t granule = first + 1; granule <= last; granule++) {
    if (region->index[granule]) {
      put_spare(region, region->index[granule]);
      region->index[granule] = 0;
    }
  }
}

harena__entry *harena__find_entry(harena__watch *watch, const void *block, size_t size) {
  harena__region *region = region_for(watch, block);
  uintptr_t hidden = harena__hide(block);
  size_t granule = region ? granule_of(region, hidden) : 0;
  uint32_t number = region ? region->index[granule] : 0;
  number = region && !number ? take_entry(watch, region) : number;
  if (!number) {
    atomic_fetch_add(&blocks_lost, 1);
    return NULL;
  }
  if (watch->reuses) {
    drop_overlapped(region, granule, granule_of(region, hidden - (size - 1)));
  }
  region->index[granule] = number;
  return &region->entries[number - 1];
}

void harena__ledger_resize(const harena__watch *watch, harena__entry *entry, size_t size) {
  harena__region *region = harena__region_of(harena__unhide(entry->hidden_block));
  size_t granule = granule_of(region, entry->hidden_block);
  if (watch->reuses && size > entry->size) {
    drop_overlapped(region, granule, granule_of(region, entry->hidden_block - (size - 1)));
  }
  entry->size = size;
}

static harena__entry *entry_at(const harena__region *region, size_t granule) {
  uint32_t number = region->index[granule];
  return number ? &region->entries[number - 1] : NULL;
}

harena__entry *harena__ledger_at(const void *block) {
  const harena__region *region = harena__region_of(block);
  uintptr_t hidden = harena__hide(block);
  harena__entry *entry = region ? entry_at(region, granule_of(region, hidden)) : NULL;
  return entry && entry->hidden_block == hidden ? entry : NULL;
}

bool harena__ledger_may_lack(const void *block) {
  return atomic_load_explicit(&blocks_lost, memory_order_relaxed) > 0 && !harena__ledger_at(block);
}

/* The nearest block that begins at or before `address`, and not more than `reach` before. */
static harena__entry *find_before(const harena__region *region, const void *address, size_t reach) {
  size_t here = granule_of(region, harena__hide(address));
  size_t last = here - harena__min(here, reach >> region->shift);
  for (size_t granule = here + 1; granule-- > last;) {
    harena__entry *entry = entry_at(region, granule);
    if (entry && harena__unhide(entry->hidden_block) <= (const char *)address) {
      return entry;
    }
  }
  return NULL;
}

static harena__entry *find_behind(const harena__region *region, const void *address) {
  size_t granules = region->size >> region->shift;
  for (size_t granule = granule_of(region, harena__hide(address)); granule < granules; granule++) {
    harena__entry *entry = entry_at(region, granule);
    if (entry) {
      return entry;
    }
  }
  return NULL;
}

harena__entry *harena__ledger_find(const void *address) {
  const harena__region *region = harena__region_of(address);
  if (!region) {
    return NULL;
  }
  harena__entry *entry = find_before(region, address, SIZE_MAX);
  return entry ? entry : find_behind(region, address);
}

bool harena__ledger_copy(const void *address, harena__entry *out) {
  harena__keep_regions();
  const harena__entry *entry = harena__ledger_find(address);
  if (entry) {
    *out = *entry;
  }
  harena__let_regions_go();
  return entry != NULL;
}

harena__entry *harena__ledger_holding(const void *address, size_t reach) {
  const harena__region *region = harena__region_of(address);
  harena__entry *entry = region ? find_before(region, address, reach) : NULL;
  bool holds = entry && harena__within(harena__unhide(entry->hidden_block), entry->size, address);
  return holds ? entry : NULL;
}

void harena__ledger_each_block(const char *from, const char *to,
                               void (*each)(harena__entry *entry, void *context), void *context) {
  harena__blocks blocks = harena__blocks_in(from, to);
  for (harena__entry *entry; (entry = harena__next_block(&blocks)) != NULL;) {
    each(entry, context);
  }
}

/* Threads that go on may be counted or not. */
static void count_arena(harena__watch *watch, void *context) {
  harena__ledger_statistics *measured = context;
  measured->open += watch->open;
  measured->blocks += watch->births;
}

harena__ledger_statistics harena__ledger_measure(void) {
  harena__ledger_statistics measured = {
      .arenas = atomic_load(&slots_used),
      .lost_blocks = atomic_load(&blocks_lost),
      .lost_arenas = harena__arenas_lost(),
      .bytes = harena__regions_bytes(),
  };
  pthread_mutex_lock(&lock);
  measured.opened = arenas_opened;
  measured.blocks = blocks_of_forgotten;
  pthread_mutex_unlock(&lock);
  harena__ledger_each_arena(count_arena, &measured);
  return measured;
}

/* ---- For tests ---- */

void harena__ledger_forget(void) {
  if (slots) {
    harena__unmap_pages(slots, SLOTS_SIZE);
  }
  if (by_handle) {
    harena__unmap_pages(by_handle, HANDLES_SIZE);
  }
  slots = NULL;
  by_handle = NULL;
  oldest_closed = NULL;
  closed_count = 0;
  atomic_store(&slots_used, 0);
  atomic_store(&arenas_lost, 0);
  arenas_opened = 0;
  blocks_of_forgotten = 0;
  atomic_store(&blocks_lost, 0);
  harena__regions_forget();
}
