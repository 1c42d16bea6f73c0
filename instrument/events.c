/* The facts that the core reports, each fanned out to what is known (ledger) and to who is told
 * (tool). */
#include <pthread.h>

#include "cage.h"
#include "canary.h"
#include "detect.h"
#include "escape/escape.h"
#include "failure.h"
#include "handles.h"
#include "hooks.h"
#include "layout.h"
#include "leaks.h"
#include "lifetimes.h"
#include "numbers.h"
#include "owner.h"
#include "pages.h"
#include "report/policy.h"
#include "report/statistics.h"
#include "shadow/shadow.h"

/* ---- Homes ---- */

/* With sample=N one of N families. A plain counter: threads that count at the same time may skip
 * one, but do not wait for each other. */
static bool is_sampled(void) {
  static _Atomic uint64_t families;
  uint64_t every = (uint64_t)harena__option()->sample;
  uint64_t number = atomic_load_explicit(&families, memory_order_relaxed) + 1;
  atomic_store_explicit(&families, number, memory_order_relaxed);
  return number % every == 0;
}

/* An arena that is not to be watched gets what it would have in release. */
const harena_source *harena__home_source(const harena_source *system) {
  return is_sampled() ? &harena__cage_source : system;
}

/* A parent in the cage is only charged: its children take their chunks from the cage as it does
 * itself, so that their addresses are fresh as well. */
const harena_source *harena__child_source(const harena__arena *parent) {
  const harena__watch *watch = harena__watch_of(parent);
  return watch && watch->home == HARENA__IN_CAGE ? &harena__cage_source : NULL;
}

static harena__home home_of(const harena__arena *arena) {
  const harena__watch *parent = arena->parent ? harena__watch_of(arena->parent) : NULL;
  if (parent) {
    return parent->home;
  }
  if (harena__is_fixed(arena)) {
    return HARENA__IN_BUFFER;
  }
  bool in_cage = arena->source.acquire == harena__cage_source.acquire;
  return in_cage ? HARENA__IN_CAGE : HARENA__IN_SOURCE;
}

/* Whether the arena's memory is a region of its own, unknown to the cage and to any parent. */
static bool owns_regions(const harena__arena *arena, const harena__watch *watch) {
  return watch->home != HARENA__IN_CAGE && !arena->parent;
}

extern char __tsan_init[] __attribute__((weak));

/* In memory that is not ours, and under a tool that fresh pages make ten times slower. */
static bool goes_on_in_place(harena__home home) {
  int64_t wanted = harena__option()->reuse;
  return home != HARENA__IN_CAGE || wanted == 1 || (wanted < 0 && __tsan_init != NULL);
}

/* Where the processor is the only one to see a bad access, and pages are not needed again. */
bool harena__may_take_pages(const harena__watch *watch) {
  const harena__shadow *tool = harena__tool();
  return tool->may_protect && tool->needs_canaries && !harena__reuses_addresses(watch);
}

/* A parent is charged for whole chunks, and pages are larger than blocks: under a limit they would
 * be refused where blocks are not. */
static bool is_under_limit(const harena__arena *arena) {
  const harena__arena *ancestor = arena->parent;
  while (ancestor && ancestor->limit == SIZE_MAX) {
    ancestor = ancestor->parent;
  }
  return ancestor != NULL;
}

static bool is_to_be_fenced(const harena__arena *arena, const harena__watch *watch) {
  return harena__option()->layout == HARENA__LAYOUT_SEPARATE && harena__may_take_pages(watch) &&
         !is_under_limit(arena);
}

bool harena__is_exact_guard(const harena__watch *watch) {
  bool wanted = harena__option()->guard == HARENA__GUARD_EXACT || watch->fenced;
  return wanted && harena__may_take_pages(watch);
}

/* ---- Arenas ---- */

static bool is_systems(const harena_source *source) {
  return source->acquire == harena__system_source.acquire ||
         source->acquire == harena__huge_page_source.acquire;
}

/* Families are watched as a whole: the chunks of a child may lie in those of its parent. Where the
 * choice was made with the source, that tells it. */
static bool is_to_be_watched(const harena__arena *arena) {
  if (arena->parent) {
    return harena__watch_of(arena->parent) != NULL;
  }
  bool chosen = arena->source.acquire == harena__cage_source.acquire;
  return chosen || (!is_systems(&arena->source) && is_sampled());
}

/* A fork takes locks in the order opposite to this. */
static void start(void) {
  harena__tool();
  harena__cage_guard_fork();
  harena__policy_start();
  harena__escape_start();
}

/* Behind escape's own look at the end, before what lists the suppressions. It is here because no
 * program goes without this file: of a static library, objects that nothing refers to are left out,
 * whatever destructors they have. */
__attribute__((destructor(102))) static void end(void) {
  harena__list_statistics();
  harena__report_leaks_at_exit();
}

bool harena__arena_opened(harena__arena *arena) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start);
  harena__watch *watch =
      is_to_be_watched(arena) ? harena__ledger_open(arena, home_of(arena)) : NULL;
  if (!watch) {
    harena__remember_unwatched(arena);
    return false;
  }
  harena__number_event();
  watch->redzone = harena__least_redzone(watch->home);
  watch->largest_redzone = watch->redzone ? HARENA__LARGEST_REDZONE : 0;
  watch->wipes = (arena->flags & HARENA_ZERO_ON_CLEAR) && watch->home != HARENA__IN_CAGE;
  watch->in_place = goes_on_in_place(watch->home);
  watch->fenced = is_to_be_fenced(arena, watch);
  watch->recycles = (arena->flags & HARENA_RECYCLE) && !watch->fenced;
  watch->reuses = watch->recycles || watch->in_place;
  watch->opened = harena__capture();
  watch->opened_event = harena__latest_event();
  harena__owner_opened(watch, arena->parent ? harena__watch_of(arena->parent) : NULL);
  arena->watch = watch;
  harena__remember_handle(watch);
  harena__tool()->pool_opened(arena, harena__block_span(watch, 0));
  return true;
}

/* Dead blocks are verified once, when the arena ends something for the next time. */
static void verify_dead_ranges(harena__watch *watch) {
  for (unsigned i = 0; i < watch->dead_count; i++) {
    const harena__filled_range *range = &watch->dead[i];
    harena__verify_dead(harena__unhide(range->hidden_from), harena__unhide(range->hidden_to),
                        range->generation);
  }
  watch->dead_count = 0;
}

void harena__arena_ending(harena__arena *arena, harena__end why) {
  harena__watch *watch = harena__watch_of(arena);
  if (watch) {
    watch->ending = harena__capture();
    watch->ending_event = harena__number_event();
    watch->ending_why = why;
    verify_dead_ranges(watch);
  }
}

void harena__arena_resumed(harena__arena *arena) {
  if (harena__watch_of(arena)) {
    harena__escape_step();
  }
}

void harena__arena_ended(harena__arena *arena) {
  harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    harena__forget_unwatched(arena);
    return;
  }
  verify_dead_ranges(watch);
  harena__tool()->pool_closed(arena);
  if (owns_regions(arena, watch)) {
    harena__tool()->unpoison(arena->first.memory, harena__round_down(arena->first.size));
    harena__ledger_drop_region(arena->first.memory);
  } else if (watch->home != HARENA__IN_CAGE) {
    harena__tool()->poison(arena->first.memory, arena->first.size);
  }
  watch->closed = watch->ending;
  harena__ledger_close(watch);
  harena__escape_step();
}

/* ---- Chunks ---- */

/* Behind the chunk's header lies a redzone; with guard=exact and layout=separate blocks begin on a
 * page of their own. */
static char *first_block(const harena__watch *watch, char *start, char *end) {
  size_t gap = harena__block_span(watch, 0);
  if (harena__is_exact_guard(watch)) {
    gap = harena__padding(start, harena__page_size()) + harena__generation_gap(watch);
  }
  return start + harena__min(gap, harena__distance(start, end));
}

char *harena__chunk_gained(harena__arena *arena, char *memory, size_t size, char *start) {
  const harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    return start;
  }
  if (owns_regions(arena, watch)) {
    harena__ledger_add_region(memory, size, false);
  }
  char *end = memory + harena__round_down(size);
  harena__tool()->poison(start, harena__distance(start, end));
  return first_block(watch, start, end);
}

static void forget_dead_ranges(harena__watch *watch, const char *memory, size_t size) {
  for (unsigned i = watch->dead_count; i-- > 0;) {
    if (harena__within(memory, size, harena__unhide(watch->dead[i].hidden_from))) {
      watch->dead[i] = watch->dead[--watch->dead_count];
    }
  }
}

void harena__chunk_leaving(harena__arena *arena, char *memory, size_t size) {
  harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    return;
  }
  harena__ledger_leave_region(watch);
  forget_dead_ranges(watch, memory, size);
  if (owns_regions(arena, watch)) {
    harena__tool()->unpoison(memory, harena__round_down(size));
    harena__ledger_drop_region(memory);
  } else if (watch->home != HARENA__IN_CAGE) {
    harena__tool()->poison(memory, size);
  }
}

/* With guard=exact a generation may begin behind a page that is left out. */
size_t harena__span_of_nothing(const harena__watch *watch) {
  bool needs_page = !watch->fenced && harena__is_exact_guard(watch);
  return harena__block_span(watch, 0) + (needs_page ? harena__page_size() : 0);
}

/* ---- Pointers that the core keeps ---- */

void harena__pointer_kept(const harena__arena *arena, const void *target) {
  if (harena__watch_of(arena) && harena__is_of_descendant(arena, target)) {
    harena__report_inversion(arena, target);
  }
}

/* ---- Misuse ---- */

/* How far into a block a reference may point for the end of that block alone to be noticed: a look
 * into large ones would cost more than it finds. */
static const size_t reference_reach = (size_t)64 << 10;

bool harena__reference_used(const harena__arena *arena, harena_ref ref, bool good) {
  const harena__watch *watch = harena__watch_of(arena);
  const harena__entry *entry =
      good && watch ? harena__ledger_holding(ref.address, reference_reach) : NULL;
  return good && (!entry || entry->state == HARENA_LIVE);
}

static harena__class class_of_misuse(harena__misuse why) {
  static const harena__class classes[] = {
      [HARENA__STALE_REFERENCE] = HARENA__REFERENCE_STALE,
      [HARENA__FOREIGN_REFERENCE] = HARENA__REFERENCE_FOREIGN,
      [HARENA__NULL_REFERENCE] = HARENA__REFERENCE_NULL,
      [HARENA__DEAD_MARK] = HARENA__MARK_DEAD,
      [HARENA__BUSY_ARENA] = HARENA__CALL_REFUSED,
      [HARENA__OUT_OF_RANGE] = HARENA__RANGE_LEFT,
  };
  return classes[why];
}

static const char *what_of_misuse(harena__misuse why) {
  static const char *const texts[] = {
      [HARENA__STALE_REFERENCE] = "a reference was used after the end of its block",
      [HARENA__FOREIGN_REFERENCE] = "a reference was used with an arena that did not make it",
      [HARENA__NULL_REFERENCE] = "the null reference was resolved",
      [HARENA__DEAD_MARK] = "a mark was used that is not active in this arena",
      [HARENA__BUSY_ARENA] = "a call that is not allowed while a cleanup runs",
      [HARENA__OUT_OF_RANGE] = "an index or slice was beyond the bounds",
  };
  return texts[why];
}

/* What lives at a stale reference's address now is not what the reference meant. */
static const harena__entry *meant_block(harena__misuse why, const void *address) {
  if (why == HARENA__OUT_OF_RANGE) {
    return harena__ledger_holding(address, SIZE_MAX);
  }
  if (why != HARENA__STALE_REFERENCE && why != HARENA__FOREIGN_REFERENCE) {
    return NULL;
  }
  const harena__entry *entry = harena__ledger_find(address);
  bool replaced = why == HARENA__STALE_REFERENCE && entry && entry->state == HARENA_LIVE;
  return replaced ? NULL : entry;
}

static void find(const harena__finding *finding) {
  if (harena__panics_are_handled()) {
    harena__find_and_survive(finding);
  } else {
    harena__find(finding);
  }
}

void harena__misused(const harena__arena *arena, harena__misuse why, const void *address) {
  harena__finding finding = {.class = class_of_misuse(why),
                             .what = what_of_misuse(why),
                             .address = address,
                             .block = meant_block(why, address),
                             .arena = arena ? harena__watch_of(arena) : NULL,
                             .found = harena__capture()};
  if (arena) {
    harena__visit_abandoned(arena);
  }
  find(&finding);
}

static void report_call_in_cleanup(const harena__arena *arena) {
  harena__finding finding = {.class = HARENA__CALL_REFUSED,
                             .what = what_of_misuse(HARENA__BUSY_ARENA),
                             .address = arena,
                             .arena = harena__watch_of(arena),
                             .found = harena__capture()};
  find(&finding);
}

/* Shortage is a result, not a finding. But a cleanup that allocates will never get anything. */
void harena__refused(harena__arena *arena, harena_status why) {
  if (arena->flags & HARENA_ABORT_ON_FAILURE) {
    harena__visit_abandoned(arena);
  }
  if (arena->busy && why == HARENA_INVALID && harena__watch_of(arena)) {
    report_call_in_cleanup(arena);
  }
}
