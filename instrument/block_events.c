/* The facts about single blocks and ranges of them. */
#include "blocks.h"
#include "chunk.h"
#include "detect.h"
#include "escape/escape.h"
#include "guard_pages.h"
#include "handles.h"
#include "hooks.h"
#include "mark.h"
#include "new_entry.h"
#include "numbers.h"
#include "pages.h"
#include "present_stack.h"
#include "shadow/shadow.h"

/* ---- Birth ---- */

/* Before the block only what is its own: the rest is its neighbour's, and may already tell that
 * the neighbour was overrun. */
static inline HARENA_ATTRIBUTE(always_inline) void fill_redzones_at(const harena__watch *watch,
                                                                    const harena__entry *entry,
                                                                    char *block, size_t size) {
  harena__fill_redzones(block, harena__front_redzone(watch, block), block + size,
                        harena__back_redzone(watch, entry, size));
}

static void fill_redzones(const harena__watch *watch, const harena__entry *entry) {
  fill_redzones_at(watch, entry, harena__unhide(entry->hidden_block), entry->size);
}

/* At the end of the pages that it was given, or at their start if it is aligned to more. */
HARENA_ATTRIBUTE(noinline)
static char *place_before_guard(char *pages, size_t size, size_t align) {
  bool fits = align < harena__page_size();
  size_t taken = (size + align - 1) & ~(align - 1);
  return fits ? pages + harena__round_up_to_page(size) - taken : pages;
}

static void forget_guard_of(harena__entry *entry) {
  if (entry->guarded) {
    harena__forget_guard();
    entry->guarded = 0;
  }
}

HARENA_ATTRIBUTE(noinline) static void guard_block(harena__entry *entry) {
  char *end = harena__unhide(entry->hidden_block) + entry->size;
  entry->guarded = harena__guard_page(end + harena__padding(end, harena__page_size()));
}

static inline HARENA_ATTRIBUTE(always_inline) harena__entry *add_entry(const harena__arena *arena,
                                                                       harena__watch *watch,
                                                                       void *block, size_t size,
                                                                       size_t align) {
  harena__stack stack = harena__capture_in_place();
  harena__entry *entry = harena__ledger_add(watch, block, size, align, stack);
  uint32_t event = harena__number_event();
  if (HARENA_LIKELY(entry != NULL)) {
    const harena__mark *mark = arena->newest_mark;
    entry->born_event = event;
    entry->epoch = (uint32_t)(mark ? mark->epoch : arena->epoch);
  }
  return entry;
}

void *harena__block_born(harena__arena *arena, void *block, size_t size, size_t span,
                         size_t align) {
  harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    return block;
  }
  block = HARENA_LIKELY(!watch->fenced) ? block : place_before_guard(block, size, align);
  harena__entry *entry = add_entry(arena, watch, block, size, align);
  const harena__shadow *tool = harena__tool();
  if (tool->block_born) {
    tool->block_born(arena, block, size);
  }
  if (!HARENA_LIKELY(entry != NULL)) {
    return block;
  }
  entry->redzone = (uint16_t)(span - harena__round_up(size));
  if (!HARENA_LIKELY(!watch->fenced)) {
    guard_block(entry);
  }
  if (tool->needs_canaries) {
    fill_redzones_at(watch, entry, block, size);
  }
  return block;
}

/* ---- The youngest ---- */

/* Where addresses are not reused, what lies last says nothing: the ledger knows the order of
 * birth. */
bool harena__is_youngest(const harena__arena *arena, const void *block, size_t size,
                         bool lies_last) {
  const harena__watch *watch = harena__watch_of(arena);
  if (!watch || harena__reuses_addresses(watch)) {
    return lies_last;
  }
  const harena__entry *youngest = watch->youngest;
  return youngest && youngest->hidden_block == harena__hide(block) &&
         harena__round_up(youngest->size) == harena__round_up(size) &&
         youngest->state == HARENA_LIVE && !youngest->truncated;
}

/* The block before. Where blocks are recycled its entry may have been used again, for a younger
 * one. */
static harena__entry *older_than(const harena__entry *entry) {
  harena__entry *previous = entry->previous;
  return previous && previous->birth < entry->birth ? previous : NULL;
}

/* Whether the core counts the block as last, so that what it gives up is refunded. */
static bool counts_as_last(const harena__arena *arena, const harena__watch *watch,
                           const harena__entry *entry) {
  const harena__mark *mark = arena->newest_mark;
  bool since = !mark || harena__is_since(arena, mark, harena__unhide(entry->hidden_block));
  return since && watch->youngest == entry && !entry->truncated;
}

/* A block that was refunded leaves the order, and so does one that moved. Any other stays, dead:
 * its bytes lie between what is older and the end. */
static void leave_order(const harena__arena *arena, harena__watch *watch,
                        const harena__entry *entry, harena__end why) {
  harena__entry *youngest = watch->youngest;
  if (counts_as_last(arena, watch, entry)) {
    watch->youngest = older_than(entry);
  } else if (why == HARENA__RESIZED && youngest && youngest->previous == entry) {
    youngest->previous = older_than(entry);
  }
}

/* ---- What may be touched of a block ---- */

/* The bytes of a slice's block that no slice has reached are treated as a redzone. */
static void close_rest(const harena__entry *entry) {
  const harena__shadow *tool = harena__tool();
  char *rest = harena__unhide(entry->hidden_block) + entry->open;
  tool->poison(rest, entry->size - entry->open);
  if (tool->needs_canaries) {
    harena__fill_redzone(rest, entry->size - entry->open);
  }
}

void harena__block_narrowed(harena__arena *arena, char *block, size_t length) {
  harena__entry *entry = harena__watch_of(arena) ? harena__ledger_at(block) : NULL;
  if (entry) {
    entry->open = harena__min(entry->open, length);
    close_rest(entry);
  }
}

/* Nobody will look at these bytes any more. */
static void open_up_to(harena__entry *entry, size_t open) {
  if (open <= entry->open || open > entry->size) {
    return;
  }
  harena__verify_closed(entry, open);
  harena__tool()->bytes_opened(harena__unhide(entry->hidden_block) + entry->open,
                               open - entry->open);
  entry->open = open;
}

static harena__entry *block_of_slice(const void *address) {
  return harena__ledger_holding(address, SIZE_MAX);
}

/* Slicing takes no arena, so the slice may be stale, and another block lie there. */
static bool is_live_slice(const harena__entry *entry, harena_ref slice) {
  const harena__watch *watch = harena__ledger_watch_of(entry);
  if (!watch || !watch->open || entry->state != HARENA_LIVE) {
    return false;
  }
  const harena__arena *arena = (const void *)harena__unhide(watch->hidden_handle);
  return harena__epoch_of(arena, slice.address) == slice.epoch;
}

void harena__slice_opened(harena_ref slice, size_t length) {
  harena__entry *entry = block_of_slice(slice.address);
  if (entry && is_live_slice(entry, slice)) {
    const char *block = harena__unhide(entry->hidden_block);
    open_up_to(entry, harena__distance(block, slice.address) + length);
  }
}

/* ---- Resizing ---- */

static bool must_move(void) { return harena__option()->realloc == HARENA__REALLOC_MOVE; }

/* Before a guard page there is no room to grow. */
static harena__verdict verdict_on_growth(const harena__watch *watch) {
  return must_move() || watch->fenced ? HARENA__HOLD : HARENA__REUSE;
}

harena__verdict harena__slice_growing(const harena__arena *arena, char **start) {
  const harena__watch *watch = harena__watch_of(arena);
  const harena__entry *entry = watch ? block_of_slice(*start) : NULL;
  *start =
      entry ? harena__unhide(entry->hidden_block) : *start - (uintptr_t)*start % HARENA__GRANULE;
  return entry ? verdict_on_growth(watch) : HARENA__REUSE;
}

harena__verdict harena__block_resizing(harena__arena *arena, void *block, size_t old_size,
                                       size_t new_size) {
  const harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    return HARENA__REUSE;
  }
  if (!harena__ledger_may_lack(block) && !harena__check_block(watch, block, old_size)) {
    return HARENA__IGNORE;
  }
  bool grows = harena__round_up(new_size) > harena__round_up(old_size);
  bool stays = grows ? verdict_on_growth(watch) == HARENA__REUSE : !must_move();
  return stays ? HARENA__REUSE : HARENA__HOLD;
}

/* A block of a slice stays as narrow as it was. */
static void set_size(const harena__watch *watch, harena__entry *entry, size_t size) {
  bool is_open = entry->open == entry->size;
  entry->open = is_open ? size : harena__min(entry->open, size);
  entry->redzone = (uint16_t)harena__redzone_of(watch, harena__round_up(size));
  harena__ledger_resize(watch, entry, size);
}

harena__verdict harena__block_resized(harena__arena *arena, void *block, size_t old_size,
                                      size_t new_size) {
  const harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    return HARENA__REUSE;
  }
  harena__entry *entry = harena__ledger_at(block);
  if (entry) {
    harena__verify(entry);
    bool shrinks = harena__round_up(new_size) < harena__round_up(old_size);
    entry->truncated |= shrinks && !counts_as_last(arena, watch, entry);
    set_size(watch, entry, new_size);
  }
  const harena__shadow *tool = harena__tool();
  tool->block_resized(arena, block, old_size, new_size);
  if (entry && tool->needs_canaries) {
    fill_redzones(watch, entry);
  }
  if (entry && entry->open < new_size) {
    close_rest(entry);
  }
  return harena__reuses_addresses(watch) ? HARENA__REUSE : HARENA__HOLD;
}

/* ---- The end of one block ---- */

/* The quarantine of an arena that recycles: oldest first, linked through `previous`, which a dead
 * block does not need. */
static void hold(harena__watch *watch, harena__entry *entry) {
  entry->previous = NULL;
  if (watch->held_last) {
    watch->held_last->previous = entry;
  } else {
    watch->held_first = entry;
  }
  watch->held_last = entry;
  watch->held_bytes += entry->size;
}

static harena__entry *release_oldest(harena__watch *watch) {
  harena__entry *entry = watch->held_first;
  watch->held_first = entry->previous;
  watch->held_bytes -= entry->size;
  if (!watch->held_first) {
    watch->held_last = NULL;
  }
  return entry;
}

static bool fills_dead(const harena__watch *watch) {
  return harena__tool()->needs_canaries && !watch->wipes;
}

static inline void mark_dead(harena__entry *entry, uint8_t state, harena__stack stack,
                             uint32_t event) {
  entry->state = state;
  entry->retired = stack;
  entry->ended_event = event;
}

/* With its pages taken, a block and its guard are one mapping with what is dead around them. */
static void take_pages_of(harena__entry *entry) {
  char *block = harena__unhide(entry->hidden_block);
  size_t page = harena__page_size();
  char *end = block + entry->size;
  harena__take_pages(block - ((uintptr_t)block & (page - 1)), end + harena__padding(end, page));
  forget_guard_of(entry);
}

/* A block that ends by itself, not with the range around it. */
static void end_alone(const harena__arena *arena, harena__entry *entry, uint8_t state) {
  const harena__watch *watch = harena__watch_of(arena);
  char *block = harena__unhide(entry->hidden_block);
  mark_dead(entry, state, harena__capture(), harena__number_event());
  entry->reusable = harena__reuses_addresses(watch);
  if (watch->fenced) {
    take_pages_of(entry);
  } else if (fills_dead(watch)) {
    harena__fill_dead(block, entry->size, entry->generation);
  }
  harena__tool()->block_retired(arena, block, entry->size);
}

harena__verdict harena__block_retired(harena__arena *arena, void *block, size_t size,
                                      harena__end why) {
  harena__watch *watch = harena__watch_of(arena);
  if (!watch) {
    return HARENA__REUSE;
  }
  if (harena__ledger_may_lack(block)) {
    return HARENA__HOLD;
  }
  harena__entry *entry = harena__check_block(watch, block, size);
  if (!entry) {
    return HARENA__IGNORE;
  }
  harena__verify(entry);
  leave_order(arena, watch, entry, why);
  end_alone(arena, entry, why == HARENA__REWOUND ? HARENA_REWOUND : HARENA_FREED);
  if (harena__reuses_addresses(watch)) {
    return HARENA__REUSE;
  }
  if (watch->recycles) {
    hold(watch, entry);
  }
  return HARENA__HOLD;
}

/* Whether the slice stands for the whole block: others share what a sub-slice moves away from. */
static bool is_whole(const harena__entry *entry, size_t capacity) {
  return harena__round_up(entry->size) == harena__round_up(capacity);
}

/* The entry keeps its place in the order of births, dead, as its bytes keep theirs: neither build
 * uses them again before the clear. */
void harena__slice_moved(harena__arena *arena, char *address, size_t capacity) {
  const harena__watch *watch = harena__watch_of(arena);
  harena__entry *entry = watch ? harena__ledger_at(address) : NULL;
  if (!entry || entry->state != HARENA_LIVE || !is_whole(entry, capacity)) {
    return;
  }
  harena__verify(entry);
  end_alone(arena, entry, HARENA_FREED);
}

void *harena__block_evicted(harena__arena *arena, size_t *size) {
  harena__watch *watch = harena__watch_of(arena);
  if (!watch || !watch->held_first || watch->held_bytes <= harena__option()->recycle_quarantine) {
    return NULL;
  }
  harena__entry *entry = release_oldest(watch);
  harena__verify(entry);
  entry->reusable = 1;
  *size = harena__block_span(watch, entry->size);
  return harena__unhide(entry->hidden_block);
}

void harena__link_opened(harena__arena *arena, void *address, size_t size) {
  if (harena__watch_of(arena)) {
    harena__tool()->unpoison(address, size);
  }
}

/* ---- The end of a range ---- */

static uint8_t state_of(harena__end why) {
  switch (why) {
    case HARENA__REWOUND:
      return HARENA_REWOUND;
    case HARENA__CLEARED:
      return HARENA_CLEARED;
    case HARENA__CLOSED:
      return HARENA_CLOSED;
    default:
      return HARENA_FREED;
  }
}

/* How the blocks of a range end. */
typedef struct ending {
  const harena__watch *watch;
  harena__stack stack;
  uint32_t event;
  uint8_t state;
  bool has_canaries;
  bool is_fresh; /* no memory of the range was used before, and no block has pages of its own */
  size_t before; /* of the redzone before a block, if it is fresh */
} ending;

static ending ending_of(const harena__watch *watch) {
  return (ending){
      .watch = watch,
      .stack = watch->ending,
      .event = watch->ending_event,
      .state = state_of(watch->ending_why),
      .has_canaries = harena__tool()->needs_canaries,
      .is_fresh = !watch->reuses && !watch->fenced,
      .before = watch->redzone ? HARENA__UNDERRUN_REACH : 0,
  };
}

static void end_any_block(const ending *it, harena__entry *entry) {
  if (entry->swept == HARENA__NOT_SWEPT) {
    harena__verify(entry);
  }
  if (entry->state == HARENA_LIVE && entry->arena == it->watch->id) {
    mark_dead(entry, it->state, it->stack, it->event);
    entry->reusable = harena__reuses_addresses(it->watch);
  }
  forget_guard_of(entry);
  entry->swept = HARENA__SWEPT;
}

/* The same for a live block in fresh memory whose redzone ends at `next`. By value, so that what is
 * stored into the entry is known not to change what ends it. */
static inline HARENA_ATTRIBUTE(always_inline) void end_usual_block(ending it, harena__entry *entry,
                                                                   const char *next) {
  const char *block = harena__unhide(entry->hidden_block);
  const char *closed = block + entry->open;
  if (it.has_canaries &&
      !harena__redzones_hold(block, it.before, closed, harena__distance(closed, next))) {
    harena__report_redzones(it.watch, entry);
  }
  mark_dead(entry, it.state, it.stack, it.event);
  entry->swept = HARENA__SWEPT;
}

static inline bool is_usual(const ending *it, const harena__entry *entry) {
  return it->is_fresh && entry->state == HARENA_LIVE && entry->arena == it->watch->id &&
         entry->swept == HARENA__NOT_SWEPT;
}

/* The next block: in fresh memory mostly at `next`, with nothing but the redzone between. */
static inline harena__entry *block_behind(harena__blocks *blocks, harena__entry *entry,
                                          const char *next) {
  harena__entry *born_next = harena__block_born_next(blocks, entry, next);
  return HARENA_LIKELY(born_next != NULL) ? born_next : harena__block_after(blocks, entry);
}

static void end_blocks(ending it, const char *from, const char *to) {
  harena__blocks blocks = harena__blocks_in(from, to);
  harena__entry *entry = harena__next_block(&blocks);
  while (entry) {
    const char *next = harena__unhide(entry->hidden_block) + harena__block_end(entry);
    if (HARENA_LIKELY(is_usual(&it, entry))) {
      end_usual_block(it, entry, next);
    } else {
      end_any_block(&it, entry);
    }
    entry = HARENA_LIKELY(it.is_fresh) ? block_behind(&blocks, entry, next)
                                       : harena__next_block(&blocks);
  }
}

/* What lies behind `gone_from` is not readable any more. */
static void mark_gone(const char *gone_from, const char *from, const char *to) {
  harena__blocks blocks = harena__blocks_in(from, to);
  for (harena__entry *entry; (entry = harena__next_block(&blocks)) != NULL;) {
    if (harena__unhide(entry->hidden_block) + entry->size > gone_from) {
      entry->swept = HARENA__SWEPT_AND_GONE;
    }
  }
}

/* Freed blocks in a range that ended must not come back out of the quarantine. */
static void drop_swept_from_quarantine(harena__watch *watch) {
  harena__entry *entry = watch->held_first;
  watch->held_first = NULL;
  watch->held_last = NULL;
  watch->held_bytes = 0;
  while (entry) {
    harena__entry *next = entry->previous;
    if (!entry->swept) {
      hold(watch, entry);
    }
    entry = next;
  }
}

/* A clear or close leaves none. */
static void drop_swept_from_order(harena__watch *watch) {
  if (watch->ending_why != HARENA__REWOUND) {
    watch->youngest = NULL;
  }
  while (watch->youngest && watch->youngest->swept) {
    watch->youngest = older_than(watch->youngest);
  }
}

static void remember_dead(harena__watch *watch, const char *from, const char *to) {
  if (watch->dead_count < HARENA__DEAD_RANGES) {
    harena__filled_range *range = &watch->dead[watch->dead_count++];
    *range = (harena__filled_range){harena__hide(from), harena__hide(to), watch->generation};
  }
}

/* Redzones and all, which is faster than block by block, but for what the next block counts as
 * the redzone before it. */
static void fill_dead_range(harena__watch *watch, char *from, char *to) {
  char *end = watch->redzone && to > from ? to - HARENA__UNDERRUN_REACH : to;
  if (end <= from) {
    return;
  }
  harena__fill_dead(from, harena__distance(from, end), watch->generation);
  if (!harena__reuses_addresses(watch)) {
    remember_dead(watch, from, end);
  }
}

/* A clear ends with the range of the first chunk. */
static void start_generation(harena__arena *arena, harena__watch *watch, const char *from) {
  if (watch->ending_why == HARENA__CLEARED &&
      harena__within(arena->first.memory, arena->first.size, from)) {
    watch->generation++;
    watch->youngest = NULL;
  }
}

static void verify_before_wipe(harena__entry *entry, void *context) {
  (void)context;
  harena__verify(entry);
  entry->swept = HARENA__SWEPT;
  entry->reusable |= entry->state != HARENA_LIVE;
}

/* The core is about to wipe the range, redzones and all: this is the last moment to verify them. */
void harena__range_opened(harena__arena *arena, char *from, char *to) {
  const harena__watch *watch = harena__watch_of(arena);
  if (watch) {
    harena__ledger_each_block(from, to, verify_before_wipe, NULL);
    if (harena__is_exact_guard(watch)) {
      harena__open_pages(from, to);
    }
    harena__tool()->unpoison(from, harena__distance(from, to));
  }
}

/* With guard=exact the next generation begins on a page of its own, behind room for a redzone, so
 * that all pages before it can be made inaccessible. */
static char *next_page(const harena__arena *arena, harena__watch *watch, char *to) {
  const harena__chunk *chunk = harena__chunk_of(arena->top, to - 1);
  size_t step = harena__padding(to, harena__page_size()) + harena__generation_gap(watch);
  char *next = to + harena__min(step, harena__distance(to, chunk->end));
  watch->hidden_gap_end = harena__hide(next);
  return next;
}

/* Not so where a rewind ends what lies behind a block that lives, whose redzone must stay. */
static bool is_behind_gap(const harena__arena *arena, const harena__watch *watch,
                          const char *from) {
  return harena__is_exact_guard(watch) &&
         (watch->ending_why != HARENA__REWOUND || watch->hidden_gap_end == harena__hide(from) ||
          harena__chunk_of(arena->top, from)->start == from);
}

/* What is so large goes back to the system at its end: to fill it would touch pages that the
 * program may never have used. */
static const size_t taken_from = (size_t)16 << 20;

static bool takes_pages(const harena__arena *arena, const harena__watch *watch, size_t size) {
  bool is_large =
      size >= taken_from && harena__may_take_pages(watch) && !(arena->flags & HARENA_ZERO_ON_CLEAR);
  return size > 0 && (is_large || harena__is_exact_guard(watch));
}

char *harena__range_retired(harena__arena *arena, char *from, char *to, harena__end why) {
  harena__watch *watch = harena__watch_of(arena);
  (void)why;
  if (!watch) {
    return from;
  }
  const harena__shadow *tool = harena__tool();
  bool taken = takes_pages(arena, watch, harena__distance(from, to));
  bool has_gap = taken && is_behind_gap(arena, watch, from);
  char *redzone = from - (has_gap ? harena__generation_gap(watch) : 0);
  char *next = taken ? next_page(arena, watch, to) : to;
  char *gone_from = taken ? redzone + harena__padding(redzone, harena__page_size()) : next;
  end_blocks(ending_of(watch), from, to);
  if (taken) {
    mark_gone(gone_from, from, to);
  }
  drop_swept_from_order(watch);
  drop_swept_from_quarantine(watch);
  if (fills_dead(watch)) {
    fill_dead_range(watch, from, to < gone_from ? to : gone_from);
  }
  if (taken) {
    harena__take_pages(redzone, next);
  }
  tool->range_retired(arena, redzone, next);
  if (!harena__reuses_addresses(watch)) {
    harena__escape_retired(from, next);
  }
  start_generation(arena, watch, from);
  return harena__reuses_addresses(watch) ? from : next;
}
