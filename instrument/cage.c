#include "cage.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "escape/dead_pages.h"
#include "escape/pointed_slabs.h"
#include "held_slabs.h"
#include "ledger.h"
#include "pages.h"
#include "report/options.h"
#include "shadow/shadow.h"
#include "size.h"
#include "source.h"

enum { CHUNK_ALIGN = 16 };

/* A request above this gets a run of its own, so that no more than half a slab is lost at its
 * end. */
static const size_t largest_shared = HARENA__SLAB_SIZE / 2;

/* Of a 32-bit process the cage takes the least it is worth having for. */
static const uint64_t largest_range = UINT64_C(1) << (sizeof(void *) == 8 ? 38 : 28);
static const uint64_t largest_range_on_valgrind = UINT64_C(1) << (sizeof(void *) == 8 ? 30 : 28);
static const uint64_t smallest_range = UINT64_C(1) << 28;

/* Addresses above 128 GiB cost memcheck memory and time; so does each GiB reserved, 0.7 s at the
 * start when it tracks origins. Above 64 GiB lies Valgrind itself. With a low half like this, neither
 * a pair of small numbers nor text makes an address of it: the debug information that libbacktrace
 * keeps in mappings of its own is full of both. */
static const uint64_t place_on_valgrind = UINT64_C(0xda0000000);

/* The low halves of these addresses could be taken for small numbers, and a pair of small
 * numbers for one of them. */
static const uint64_t low_half = UINT64_C(1) << 32;
static const uint64_t margin = UINT64_C(16) << 20;

static const size_t quarantine_without_range = (size_t)64 << 20;

/* Slabs, or a mapping apart, that are taken and retired as one. The start is hidden, so that a
 * scan of memory does not find us holding what we watch. */
typedef struct slab_run {
  struct slab_run
      *next; /* the next younger one in the queue; outside the range also the next live one */
  uintptr_t hidden_start;
  size_t size;
  size_t dead;
  uint32_t sweep; /* the latest when it began to wait */
  bool apart;
} slab_run;

typedef enum slab_use { SLAB_FRESH, SLAB_WORN, SLAB_TAKEN } slab_use;

typedef struct queue {
  slab_run *oldest;
  slab_run *youngest;
  size_t bytes;
  size_t apart_bytes; /* of them, outside the range */
} queue;

/* Read without the lock. */
static _Atomic uintptr_t hidden_base; /* the first arena lies there, and is not held by us */
static _Atomic size_t range_size;
static _Atomic bool went_apart;
static uintptr_t hidden_mapping; /* what the range is the aligned part of */
static size_t mapping_size;
static size_t range_limit = SIZE_MAX;
static size_t quarantine; /* set at the start */

/* All below is changed under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
enum { STRETCH_SHIFT = 27 };
static slab_run *runs;            /* by the number of their first slab */
static uint32_t *runs_in_stretch; /* live */
static unsigned char *uses;       /* slab_use of each slab */
static size_t lowest_free;        /* no free slab below */
static slab_run *shared;          /* the one that small chunks are carved from */
static size_t carved;             /* its bytes handed out so far */
static slab_run *apart_live;
static slab_run *apart_unused; /* records */
static queue retired;
static harena__cage_statistics statistics;

static size_t round_up(size_t size, size_t unit) {
  return harena__sum(size, unit - 1) & ~(unit - 1);
}

static char *start_of(const slab_run *run) { return harena__unhide(run->hidden_start); }

/* ---- Leak checkers ---- */

/* To LeakSanitizer a mapping is no root unless it is told; then it finds what arenas point to. What
 * is poisoned it passes over, so that the heap that only dead blocks point to is leaked to it as
 * well. But it goes through all of a root, so the whole range, of which hundreds of GiB may be dead
 * in the end, must be none; and for each root through the list of mappings, so runs are not either:
 * stretches of the range are, as long as there is something in them. memcheck looks everywhere by
 * itself. */
__attribute__((weak)) void __lsan_register_root_region(const void *start, size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *start, size_t size);

/* It notes where a root begins. There an arena's record may lie, which would seem to be held. */
enum { BEFORE_ROOT = 16 };

static void become_root(const char *start, size_t size) {
  if (__lsan_register_root_region) {
    __lsan_register_root_region(start - BEFORE_ROOT, size + BEFORE_ROOT);
  }
}

static void be_no_root(const char *start, size_t size) {
  if (__lsan_unregister_root_region) {
    __lsan_unregister_root_region(start - BEFORE_ROOT, size + BEFORE_ROOT);
  }
}

static size_t size_of_stretch(size_t stretch) {
  size_t start = stretch << STRETCH_SHIFT;
  return harena__min((size_t)1 << STRETCH_SHIFT, atomic_load(&range_size) - start);
}

/* `tell` is told of stretches that get their first run, or lose their last. */
static void change_stretches(const slab_run *run, uint32_t change, uint32_t told_at,
                             void (*tell)(const char *start, size_t size)) {
  size_t offset = harena__distance(harena__cage_base(), start_of(run));
  size_t last = (offset + run->size - 1) >> STRETCH_SHIFT;
  for (size_t stretch = offset >> STRETCH_SHIFT; stretch <= last; stretch++) {
    runs_in_stretch[stretch] += change;
    if (runs_in_stretch[stretch] == told_at) {
      tell(harena__cage_base() + (stretch << STRETCH_SHIFT), size_of_stretch(stretch));
    }
  }
}

static void become_searched(const slab_run *run) {
  if (run->apart) {
    become_root(start_of(run), run->size);
  } else {
    change_stretches(run, 1, 1, become_root);
  }
}

static void be_searched_no_more(const slab_run *run) {
  if (run->apart) {
    be_no_root(start_of(run), run->size);
  } else {
    change_stretches(run, (uint32_t)-1, 0, be_no_root);
  }
}

/* ---- The range ---- */

bool harena__cage_holds(const void *address) {
  size_t size = atomic_load_explicit(&range_size, memory_order_acquire);
  return (uintptr_t)address - ~atomic_load_explicit(&hidden_base, memory_order_relaxed) < size;
}

bool harena__cage_went_apart(void) {
  return atomic_load_explicit(&went_apart, memory_order_relaxed);
}

char *harena__cage_base(void) { return harena__unhide(atomic_load(&hidden_base)); }

size_t harena__cage_slabs(void) { return atomic_load(&range_size) >> HARENA__SLAB_SHIFT; }

size_t harena__cage_slab(const void *address) {
  return ((uintptr_t)address - ~atomic_load_explicit(&hidden_base, memory_order_relaxed)) >>
         HARENA__SLAB_SHIFT;
}

void harena__cage_limit(size_t size) { range_limit = size; }

static char *slab_start(size_t slab) { return harena__cage_base() + (slab << HARENA__SLAB_SHIFT); }

/* A reservation that is dumped makes cores of many GiB. New mappings do not inherit the advice. */
static void keep_out_of_dumps(char *start, size_t size) { madvise(start, size, MADV_DONTDUMP); }

/* Through libc's mmap, here and below, not a raw call: that is where a sanitizer drops the shadow
 * of what was there. Never MAP_FIXED_NOREPLACE: MSan and TSan pass it on with address 0. */
static char *map(char *place, size_t size, int protection, int flags) {
  void *memory = mmap(place, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static uint64_t address_space_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return UINT64_MAX;
  }
  return limit.rlim_cur;
}

static uint64_t first_size(void) {
  uint64_t size = harena__on_valgrind() ? largest_range_on_valgrind : largest_range;
  while (size > address_space_limit() / 4) {
    size /= 2;
  }
  return size;
}

static char *reserve(size_t *size) {
  bool limited = range_limit != SIZE_MAX;
  uint64_t smallest = limited ? range_limit : smallest_range;
  char *hint = harena__on_valgrind() ? (char *)(uintptr_t)place_on_valgrind : NULL;
  for (uint64_t wanted = limited ? range_limit : first_size(); wanted && wanted >= smallest;
       wanted /= 2) {
    size_t with_alignment = (size_t)wanted + HARENA__SLAB_SIZE;
    char *memory = map(hint, with_alignment, PROT_NONE, MAP_NORESERVE);
    if (memory) {
      *size = with_alignment;
      return memory;
    }
  }
  return NULL;
}

/* Slabs that the low-half rule forbids are taken for good. */
static void take_forbidden(size_t slabs) {
  for (size_t slab = 0; slab < slabs; slab++) {
    uint64_t low = (uintptr_t)slab_start(slab) & (low_half - 1);
    if (low < margin || low >= low_half - margin) {
      uses[slab] = SLAB_TAKEN;
    }
  }
}

/* Never 0: where another mapping may end, and somebody has noted that, no arena's record lies,
 * which would seem to be held by him. */
static size_t bytes_before_first_slab(const char *memory) {
  return harena__padding(memory + 1, HARENA__SLAB_SIZE) + 1;
}

static size_t count_stretches(size_t slabs) {
  return ((slabs << HARENA__SLAB_SHIFT) >> STRETCH_SHIFT) + 1;
}

static size_t size_of_records(size_t slabs) {
  return slabs * (sizeof(slab_run) + 1) + count_stretches(slabs) * sizeof(uint32_t);
}

static void adopt(char *memory, size_t size) {
  size_t unaligned = bytes_before_first_slab(memory);
  size_t slabs = (size - unaligned) >> HARENA__SLAB_SHIFT;
  char *records = harena__map_pages(size_of_records(slabs));
  if (!records) {
    munmap(memory, size);
    return;
  }
  keep_out_of_dumps(memory, size);
  hidden_mapping = harena__hide(memory);
  mapping_size = size;
  runs = (slab_run *)(void *)records;
  runs_in_stretch = (uint32_t *)(void *)(runs + slabs);
  uses = (unsigned char *)(runs_in_stretch + count_stretches(slabs));
  atomic_store(&hidden_base, harena__hide(memory + unaligned));
  take_forbidden(slabs);
  statistics.reserved = slabs << HARENA__SLAB_SHIFT;
  atomic_store_explicit(&range_size, slabs << HARENA__SLAB_SHIFT, memory_order_release);
}

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

static void start(void) {
  size_t size;
  char *memory = reserve(&size);
  if (memory) {
    adopt(memory, size);
  }
  size_t half = statistics.reserved / 2;
  quarantine = harena__option()->quarantine;
  if (quarantine == 0) {
    quarantine = half ? half : quarantine_without_range;
  }
}

static void guard_fork(void) { pthread_atfork(take_lock, drop_lock, drop_lock); }

static pthread_once_t started = PTHREAD_ONCE_INIT;

void harena__cage_guard_fork(void) {
  static pthread_once_t guarded = PTHREAD_ONCE_INIT;
  pthread_once(&guarded, guard_fork);
}

void harena__cage_start(void) {
  harena__tool();
  pthread_once(&started, start);
  harena__cage_guard_fork();
}

/* ---- Retired runs ---- */

static void push(slab_run *run) {
  run->next = NULL;
  run->sweep = harena__latest_sweep();
  if (retired.youngest) {
    retired.youngest->next = run;
  } else {
    retired.oldest = run;
  }
  retired.youngest = run;
  retired.bytes += run->size;
  retired.apart_bytes += run->apart ? run->size : 0;
}

static slab_run *pop(void) {
  slab_run *run = retired.oldest;
  retired.oldest = run->next;
  if (!retired.oldest) {
    retired.youngest = NULL;
  }
  retired.bytes -= run->size;
  retired.apart_bytes -= run->apart ? run->size : 0;
  return run;
}

static size_t slabs_of(const slab_run *run) { return run->size >> HARENA__SLAB_SHIFT; }

static void set_use(size_t slab, size_t count, slab_use use) {
  for (size_t i = 0; i < count; i++) {
    uses[slab + i] = (unsigned char)use;
  }
  if (use != SLAB_TAKEN) {
    lowest_free = harena__min(lowest_free, slab);
  }
}

/* Takes the memory, keeps the addresses. Where pages must stay accessible, fresh ones take the
 * place of the old. */
static bool replace_memory(char *start, size_t size) {
  const harena__shadow *tool = harena__tool();
  int protection = tool->may_protect ? PROT_NONE : PROT_READ | PROT_WRITE;
  if (!map(start, size, protection, MAP_FIXED | MAP_NORESERVE)) {
    return false;
  }
  keep_out_of_dumps(start, size);
  return true;
}

/* The system refuses when there are too many mappings. Advice does not need a new one. */
static void give_memory_back(char *start, size_t size) {
  if (!replace_memory(start, size)) {
    statistics.unprotected++;
    madvise(start, size, MADV_DONTNEED);
    harena__tool()->poison(start, size);
  }
  harena__tool()->slab_retired(start, size);
}

/* Shadow that stayed poisoned would be the next mapping's. */
static void unmap_apart(slab_run *run) {
  harena__tool()->unpoison(start_of(run), run->size);
  munmap(start_of(run), run->size);
  run->next = apart_unused;
  apart_unused = run;
}

static void drop_held_memory(const slab_run *run) {
  char *end = start_of(run) + run->size;
  for (char *slab = start_of(run); slab < end; slab += HARENA__SLAB_SIZE) {
    if (harena__drop_held_slab(slab)) {
      give_memory_back(slab, HARENA__SLAB_SIZE);
    }
  }
}

/* Outside the range nothing is swept for. */
static bool was_swept(const slab_run *run) { return !run->apart && harena__was_swept(run->sweep); }

static bool is_pointed_to(const slab_run *run) {
  return harena__is_pointed_into(harena__cage_slab(start_of(run)), slabs_of(run));
}

/* The oldest one's addresses may be used again. */
static slab_run *evict(void) {
  slab_run *run = pop();
  bool is_nobodys = was_swept(run) && !is_pointed_to(run);
  statistics.evicted_swept += is_nobodys;
  statistics.evicted_forced += !is_nobodys;
  harena__ledger_drop_region(start_of(run));
  if (run->apart) {
    unmap_apart(run);
  } else {
    drop_held_memory(run);
    harena__unmark_dead(start_of(run), run->size);
    statistics.slabs_retired -= slabs_of(run);
    set_use(harena__cage_slab(start_of(run)), slabs_of(run), SLAB_WORN);
  }
  return run;
}

static bool waits_behind(size_t bytes) {
  return retired.oldest && retired.bytes - retired.oldest->size >= bytes;
}

static void evict_or_keep_waiting(void) {
  if (is_pointed_to(retired.oldest)) {
    statistics.kept_waiting++;
    push(pop());
  } else {
    evict();
  }
}

/* A sweep judges all that waits, so one is enough for as much as the quarantine holds. */
static void evict_what_waited_enough(void) {
  while (waits_behind(quarantine)) {
    evict();
  }
  size_t share = quarantine - quarantine / 4;
  while (waits_behind(share) && was_swept(retired.oldest)) {
    evict_or_keep_waiting();
  }
  if (waits_behind(share)) {
    harena__want_sweep();
  }
}

/* What is not held for the next slabs. */
static void retire_memory(const slab_run *run) {
  char *end = start_of(run) + run->size;
  for (char *slab = start_of(run); slab < end; slab += HARENA__SLAB_SIZE) {
    if (!harena__hold_slab(slab)) {
      give_memory_back(slab, harena__distance(slab, end));
      return;
    }
  }
}

static void leave_apart_live(const slab_run *run) {
  struct slab_run **link = &apart_live;
  while (*link != run) {
    link = &(*link)->next;
  }
  *link = run->next;
}

static void retire(slab_run *run) {
  be_searched_no_more(run);
  if (run->apart) {
    leave_apart_live(run);
    give_memory_back(start_of(run), run->size);
  } else {
    statistics.slabs_live -= slabs_of(run);
    statistics.slabs_retired += slabs_of(run);
    retire_memory(run);
  }
  harena__ledger_retire_region(start_of(run));
  push(run);
  evict_what_waited_enough();
}

static void retire_if_dead(slab_run *run) {
  assert(run->dead <= run->size);
  if (run->dead < run->size) {
    return;
  }
  if (run == shared) {
    shared = NULL;
  }
  retire(run);
}

/* ---- Fresh runs ---- */

static bool is_free(size_t slab) { return uses[slab] != SLAB_TAKEN; }

static size_t free_from(size_t slab, size_t at_most) {
  size_t count = 0;
  while (count < at_most && slab + count < harena__cage_slabs() && is_free(slab + count)) {
    count++;
  }
  return count;
}

/* The first `count` free slabs that begin in [from, to); the number of slabs when there are
 * none. */
static size_t find_free_between(size_t from, size_t to, size_t count) {
  while (from < to) {
    size_t found = free_from(from, count);
    if (found == count) {
      return from;
    }
    from += found + 1;
  }
  return harena__cage_slabs();
}

/* First fit: slabs whose time is over come before those that were never used, which keeps what the
 * ledger, the page tables and the tools hold of the range small. */
static size_t find_free(size_t count) {
  size_t slabs = harena__cage_slabs();
  while (lowest_free < slabs && !is_free(lowest_free)) {
    lowest_free++;
  }
  return find_free_between(lowest_free, slabs, count);
}

/* In the free run that an evicted run has become part of. */
static size_t find_free_around(const slab_run *evicted, size_t count) {
  size_t from = harena__cage_slab(start_of(evicted));
  size_t to = from + slabs_of(evicted);
  for (size_t steps = 0; steps < count && from > 0 && is_free(from - 1); steps++) {
    from--;
  }
  return find_free_between(from, to, count);
}

static size_t find_slabs(size_t count) {
  size_t slab = find_free(count);
  while (slab == harena__cage_slabs() && retired.oldest) {
    bool apart = retired.oldest->apart;
    const slab_run *evicted = evict();
    if (!apart) {
      slab = find_free_around(evicted, count);
    }
  }
  return slab;
}

static size_t count_worn(size_t slab, size_t count) {
  size_t worn = 0;
  for (size_t i = 0; i < count; i++) {
    worn += uses[slab + i] == SLAB_WORN;
  }
  return worn;
}

static void use_held_memory(char *start, size_t size) {
  char *end = start + size;
  for (char *slab = start; slab < end; slab += HARENA__SLAB_SIZE) {
    char *emptied = harena__move_held_slab(slab);
    if (!emptied) {
      return;
    }
    give_memory_back(emptied, HARENA__SLAB_SIZE);
  }
}

static slab_run *take_slabs(size_t size) {
  size_t count = size >> HARENA__SLAB_SHIFT;
  size_t slab = find_slabs(count);
  if (slab == harena__cage_slabs()) {
    return NULL;
  }
  char *start = slab_start(slab);
  if (!map(start, size, PROT_READ | PROT_WRITE, MAP_FIXED)) {
    return NULL;
  }
  use_held_memory(start, size);
  statistics.slabs_reused += count_worn(slab, count);
  statistics.slabs_live += count;
  set_use(slab, count, SLAB_TAKEN);
  runs[slab] = (slab_run){.hidden_start = harena__hide(start), .size = size};
  return &runs[slab];
}

static bool touches_margin(const char *memory, size_t size) {
  uint64_t from = ((uintptr_t)memory + margin) & (low_half - 1);
  return from + size > low_half || from < 2 * margin;
}

/* Outside the range the kernel chooses the place; a bad one is given back for one below it. */
static char *map_apart(size_t size) {
  char *memory = map(NULL, size, PROT_READ | PROT_WRITE, 0);
  if (memory && size < low_half - 2 * margin && touches_margin(memory, size)) {
    uintptr_t boundary = (uintptr_t)(((uintptr_t)memory + size + margin) & ~(low_half - 1));
    munmap(memory, size);
    memory = map((char *)(boundary - (uintptr_t)margin - size), size, PROT_READ | PROT_WRITE, 0);
  }
  return memory;
}

static slab_run *new_record(void) {
  enum { RECORDS = 128 };
  if (!apart_unused) {
    slab_run *records = harena__map_pages(RECORDS * sizeof(slab_run));
    for (size_t i = 0; records && i < RECORDS; i++) {
      records[i].next = apart_unused;
      apart_unused = &records[i];
    }
  }
  slab_run *record = apart_unused;
  if (record) {
    apart_unused = record->next;
  }
  return record;
}

/* Only what lies outside the range makes room there when it goes. */
static slab_run *take_apart(size_t size) {
  slab_run *record = new_record();
  if (!record) {
    return NULL;
  }
  char *memory = map_apart(size);
  while (!memory && retired.oldest && size <= retired.apart_bytes) {
    evict();
    memory = map_apart(size);
  }
  if (!memory) {
    record->next = apart_unused;
    apart_unused = record;
    return NULL;
  }
  statistics.apart++;
  atomic_store_explicit(&went_apart, true, memory_order_relaxed);
  *record = (slab_run){
      .next = apart_live, .hidden_start = harena__hide(memory), .size = size, .apart = true};
  apart_live = record;
  return record;
}

/* A run of at least `size` bytes, known to the ledger. */
static slab_run *take_run(size_t size) {
  size_t slabs = round_up(size, HARENA__SLAB_SIZE);
  bool fits = slabs <= harena__max(statistics.reserved / 64, HARENA__SLAB_SIZE);
  slab_run *run = fits ? take_slabs(slabs) : NULL;
  if (!run) {
    run = take_apart(round_up(size, harena__page_size()));
  }
  if (run) {
    become_searched(run);
    harena__ask_for_huge_pages(start_of(run), run->size);
    harena__ledger_add_region(start_of(run), run->size, true);
  }
  return run;
}

/* ---- Chunks ---- */

static void finish_shared(void) {
  slab_run *run = shared;
  shared = NULL;
  if (run) {
    run->dead += run->size - carved;
    retire_if_dead(run);
  }
}

static bool begin_shared(void) {
  slab_run *run = take_run(HARENA__SLAB_SIZE);
  if (run) {
    finish_shared();
    harena__tool()->poison(start_of(run), run->size);
    shared = run;
    carved = 0;
  }
  return run != NULL;
}

static char *take_alone(size_t *size) {
  const slab_run *run = take_run(*size);
  if (!run) {
    return NULL;
  }
  *size = run->size;
  return start_of(run);
}

/* When there is no memory for a whole slab there may be some for the chunk. */
static char *take_shared(size_t *size) {
  bool fits = shared && shared->size - carved >= *size;
  if (!fits && !begin_shared()) {
    return take_alone(size);
  }
  char *chunk = start_of(shared) + carved;
  carved += *size;
  return chunk;
}

static slab_run *run_of(const char *chunk) {
  if (harena__cage_holds(chunk)) {
    return &runs[harena__cage_slab(chunk)];
  }
  slab_run *run = apart_live;
  while (run && !harena__within(start_of(run), run->size, chunk)) {
    run = run->next;
  }
  return run;
}

/* The core asks for no more than 16 as alignment, and sets errno itself. */
static void *acquire(void *context, size_t *size, size_t align) {
  (void)context;
  (void)align;
  int saved = errno;
  harena__cage_start();
  size_t taken = round_up(*size, CHUNK_ALIGN);
  take_lock();
  char *chunk = taken > largest_shared ? take_alone(&taken) : take_shared(&taken);
  if (chunk) {
    statistics.live_bytes += taken;
  }
  drop_lock();
  if (chunk) {
    *size = taken;
    harena__tool()->unpoison(chunk, taken);
  }
  errno = saved;
  return chunk;
}

/* A chunk that is a whole run is retired at once, which poisons it. */
static void release(void *context, void *chunk, size_t size) {
  (void)context;
  int saved = errno;
  take_lock();
  slab_run *run = run_of(chunk);
  assert(run);
  if (size < run->size) {
    harena__tool()->poison(chunk, size);
  }
  run->dead += size;
  statistics.live_bytes -= size;
  retire_if_dead(run);
  drop_lock();
  errno = saved;
}

const harena_source harena__cage_source = {acquire, release, NULL};

void harena__cage_swept(void) {
  take_lock();
  evict_what_waited_enough();
  drop_lock();
}

harena__cage_statistics harena__cage_measure(void) {
  take_lock();
  harena__cage_statistics measured = statistics;
  measured.retired_bytes = retired.bytes;
  drop_lock();
  return measured;
}

/* ---- For tests ---- */

static void unmap_range(void) {
  size_t slabs = harena__cage_slabs();
  harena__tool()->unpoison(harena__cage_base(), slabs << HARENA__SLAB_SHIFT);
  munmap(harena__unhide(hidden_mapping), mapping_size);
  harena__unmap_pages(runs, size_of_records(slabs));
  atomic_store(&range_size, 0);
}

void harena__cage_forget(void) {
  finish_shared();
  while (retired.oldest) {
    evict();
  }
  if (harena__cage_slabs() != 0) {
    unmap_range();
  }
  lowest_free = 0;
  statistics = (harena__cage_statistics){0};
  atomic_store(&went_apart, false);
  started = (pthread_once_t)PTHREAD_ONCE_INIT;
}
