#include "block.h"

#include <string.h>

#include "chunk.h"
#include "failure.h"
#include "hooks.h"
#include "mark.h"
#include "recycle.h"
#include "window.h"

/* Zeroed this far ahead, so that a run of small zeroed blocks is cleared by one memset while the
 * lines are close. Measured: 4 to 32 KiB are alike; clearing all at once is twice as slow. */
static const size_t zero_ahead = 16384;

/* ---- Giving out ---- */

static harena_status check_request(const harena__arena *arena, size_t size, size_t align) {
  if (!harena__is_align(align) || arena->busy) {
    return HARENA_INVALID;
  }
  return size > HARENA__MAX_SIZE ? HARENA_NO_MEMORY : HARENA_OK;
}

/* The first aligned place for `span` bytes in [from, end), or NULL. */
static char *fit(char *from, const char *end, size_t span, size_t align) {
  size_t room = harena__distance(from, end);
  size_t padding = harena__padding(from, align);
  return padding <= room && span <= room - padding ? from + padding : NULL;
}

/* Charges a block and the padding before it; false when that is over the limit. */
static bool charge(harena__arena *arena, size_t size, size_t padding) {
  size_t amount = harena__round_up(size) + padding;
  if (amount > harena__headroom(arena)) {
    return false;
  }
  arena->settled += amount;
  if (harena__is_exact(arena)) {
    arena->data += size;
    arena->allocations++;
  }
  return true;
}

static bool may_recycle(const harena__arena *arena) {
  return (arena->flags & HARENA_RECYCLE) && !arena->newest_mark;
}

/* Without padding, what was within the limit before is so still. */
static char *place_recycled(harena__arena *arena, size_t size, size_t align) {
  size_t span = harena__span(arena, size);
  char *block = may_recycle(arena) ? harena__take_recycled(arena, span, align) : NULL;
  return block && charge(arena, size, 0) ? block : NULL;
}

/* A refusal changes nothing: what was kept is kept, and what is new goes. */
static void put_back(harena__arena *arena, harena__chunk *chunk, bool is_new) {
  if (is_new) {
    harena__give_up_chunk(arena, chunk);
  } else {
    harena__keep_chunk(arena, chunk);
  }
}

/* The new chunk becomes the current one if that leaves more room than staying; else it is a side
 * chunk for this block alone, and what is left of the current one is not wasted. */
static char *place_in_new_chunk(harena__arena *arena, size_t size, size_t align,
                                harena_status *status) {
  size_t span = harena__span(arena, size);
  uint64_t acquired = arena->chunks_acquired;
  *status = HARENA_NO_MEMORY;
  harena__chunk *chunk = size > HARENA__MAX_SIZE - align
                             ? NULL
                             : harena__find_chunk(arena, span + align - HARENA__GRANULE, status);
  if (!chunk) {
    return NULL;
  }
  char *block = fit(chunk->start, chunk->end, span, align);
  if (!charge(arena, size, harena__distance(chunk->start, block))) {
    put_back(arena, chunk, arena->chunks_acquired != acquired);
    *status = HARENA_LIMIT;
    return NULL;
  }
  size_t left = harena__distance(block + span, chunk->end);
  chunk->fill = block + span;
  chunk->aside = block;
  harena__push_chunk(arena, chunk);
  if (left > harena__distance(arena->head.cursor, arena->current->end)) {
    harena__enter_chunk(arena);
    harena__move_cursor(arena, block + span);
  } else {
    chunk->clean = chunk->start;
  }
  return block;
}

static char *place(harena__arena *arena, size_t size, size_t align, harena_status *status) {
  *status = HARENA_LIMIT;
  if (harena__round_up(size) > harena__headroom(arena)) {
    return NULL;
  }
  char *block = place_recycled(arena, size, align);
  if (block) {
    return block;
  }
  size_t span = harena__span(arena, size);
  char *cursor = arena->head.cursor;
  block = fit(cursor, arena->current->end, span, align);
  if (!block) {
    return place_in_new_chunk(arena, size, align, status);
  }
  if (!charge(arena, size, harena__distance(cursor, block))) {
    return NULL;
  }
  harena__move_cursor(arena, block + span);
  return block;
}

void *harena__try_allocate(harena__arena *arena, size_t size, size_t align, harena_status *status) {
  HARENA__VISIT(arena);
  *status = check_request(arena, size, align);
  if (*status != HARENA_OK) {
    return NULL;
  }
  size = harena__max(size, 1);
  align = harena__max(align, HARENA__GRANULE);
  harena__settle(arena);
  char *block = place(arena, size, align, status);
  harena__settle(arena);
  harena__open_window(arena);
  return block ? harena__block_born(arena, block, size, harena__span(arena, size), align) : NULL;
}

void *harena__allocate(harena__arena *arena, size_t size, size_t align) {
  harena_status status;
  void *block = harena__try_allocate(arena, size, align, &status);
  return block ? block : harena__fail(arena, status, size);
}

/* For an arena that is counted or watched: its window is closed, but within reach there is what
 * an open one would serve. Out of line, so that the exported function needs no stack. */
HARENA_ATTRIBUTE(noinline)
static void *allocate_in_reach(harena__arena *arena, size_t size) {
  HARENA__VISIT(arena);
  char *block = arena->head.cursor;
  size_t room = harena__distance(block, arena->reach);
  size_t span = size - 1 < room ? harena__span(arena, size) : SIZE_MAX;
  if (!HARENA_LIKELY(span <= room)) {
    return harena__allocate(arena, size, HARENA__GRANULE);
  }
  arena->head.cursor = block + span;
  arena->head.limit = block + span;
  arena->settled_at += span - harena__round_up(size);
  arena->data += size;
  arena->allocations++;
  return harena__block_born(arena, block, size, span, HARENA__GRANULE);
}

/* The first test is the inline one again, for callers that do not inline or have a run-time
 * alignment. */
void *harena__alloc(harena *handle, size_t size, size_t align) {
  char *block = handle->cursor;
  bool in_place = align == 1 || align == 2 || align == 4 || align == 8;
  if (HARENA_LIKELY(in_place && size - 1 < harena__distance(block, handle->limit))) {
    handle->cursor = block + harena__round_up(size);
    return block;
  }
  if (!harena__entered(handle)) {
    return NULL;
  }
  harena__arena *arena = harena__record(handle);
  return in_place ? allocate_in_reach(arena, size) : harena__allocate(arena, size, align);
}

/* Clears a block that came out of the window, and a stretch behind it. */
static void zero_ahead_of(harena__arena *arena, char *block, size_t size) {
  size_t ahead = harena__distance(block, arena->head.limit);
  char *end = block + harena__min(ahead, harena__round_up(size) + zero_ahead);
  char *from = arena->head.zeroed > block ? arena->head.zeroed : block;
  if (from < end) {
    memset(from, 0, harena__distance(from, end));
    arena->head.zeroed = end;
  }
}

/* Only what the cursor has just stepped over can be known to be zero. */
void *harena__alloc_zeroed(harena *handle, size_t size, size_t align) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  harena__arena *arena = harena__record(handle);
  const char *cursor = handle->cursor;
  char *block = harena__allocate(arena, size, align);
  if (!block) {
    return NULL;
  }
  size = harena__max(size, 1);
  bool stepped = handle->cursor != cursor && handle->cursor == block + harena__round_up(size);
  if (stepped && !arena->closed) {
    zero_ahead_of(arena, block, size);
  } else {
    memset(block, 0, size);
  }
  return block;
}

size_t harena__size_on_offer(const harena__arena *arena, size_t preferred, size_t align) {
  char *cursor = arena->head.cursor;
  size_t room = harena__min(harena__distance(cursor, arena->current->end),
                            harena__round_down(harena__headroom(arena)));
  size_t lost = harena__padding(cursor, harena__max(align, HARENA__GRANULE)) +
                harena__span(arena, preferred) - harena__round_up(preferred);
  return room > lost ? harena__min(room - lost, preferred) : 0;
}

void *harena__alloc_between(harena *handle, size_t min_size, size_t preferred_size, size_t align,
                            size_t *size) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  harena__arena *arena = harena__record(handle);
  if (min_size > preferred_size || !harena__is_align(align)) {
    return harena__fail(arena, HARENA_INVALID, min_size);
  }
  harena__settle(arena);
  size_t bounded = harena__min(preferred_size, HARENA__MAX_SIZE / 2);
  size_t given =
      harena__max(harena__size_on_offer(arena, bounded, align), harena__max(min_size, 1));
  void *block = harena__allocate(arena, given, align);
  if (block) {
    *size = given;
  }
  return block;
}

void *harena__dup(harena *handle, const void *source, size_t size, size_t align) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  void *block = harena__allocate(harena__record(handle), size, align);
  return block && size > 0 ? memcpy(block, source, size) : block;
}

/* ---- Taking back ---- */

static bool is_before_marks(const harena__arena *arena, const void *block) {
  return arena->newest_mark && !harena__is_since(arena, arena->newest_mark, block);
}

bool harena__is_aside(const harena__arena *arena) {
  return arena->top != arena->current && arena->head.cursor == arena->top->resume_cursor;
}

/* Whether nothing younger lies behind the block. Integers are compared: `block` may be anything. */
bool harena__lies_last(const harena__arena *arena, const void *block, size_t size) {
  bool aside = harena__is_aside(arena);
  const char *start = aside ? arena->top->start : arena->current->start;
  const char *tip = aside ? arena->top->fill : arena->head.cursor;
  uintptr_t address = (uintptr_t)block;
  return address >= (uintptr_t)start && address + harena__span(arena, size) == (uintptr_t)tip;
}

bool harena__is_youngest_block(const harena__arena *arena, const void *block, size_t size) {
  return !is_before_marks(arena, block) &&
         harena__is_youngest(arena, block, size, harena__lies_last(arena, block, size));
}

bool harena__is_refunded(const harena__arena *arena, const void *block, bool youngest) {
  bool older = !arena->newest_mark || !harena__is_since(arena, &arena->marks[0], block);
  return youngest || ((arena->flags & HARENA_RECYCLE) && older);
}

/* Bounded, because the size is the caller's word. */
void harena__refund(harena__arena *arena, const void *block, size_t charge, size_t data) {
  size_t amount = harena__min(charge, arena->settled);
  size_t counted = harena__is_exact(arena) ? harena__min(data, arena->data) : 0;
  arena->settled -= amount;
  arena->data -= counted;
  harena__refund_marks(arena, block, amount, counted);
}

/* Where memory is held, chunks whose blocks have ended may lie above it. */
harena__chunk *harena__side_chunk_of(const harena__arena *arena, const char *block) {
  harena__chunk *chunk = arena->top;
  while (chunk != arena->current && !harena__within(chunk->memory, chunk->size, block)) {
    chunk = chunk->older;
  }
  return chunk != arena->current ? chunk : NULL;
}

/* A chunk whose memory is held stays, but what was refunded must not be so again. */
void harena__refund_padding(harena__arena *arena, harena__chunk *side, const char *block,
                            harena__verdict verdict) {
  if (block != side->aside) {
    return;
  }
  harena__refund(arena, block, harena__distance(side->start, block), 0);
  if (verdict == HARENA__HOLD) {
    side->aside = NULL;
  }
}

/* It may hold several blocks by now, when what it was taken for was freed and recycled. */
void harena__leave_side_chunk(harena__arena *arena, harena__chunk *chunk, char *block) {
  chunk->fill = block;
  if (block == chunk->aside) {
    harena__remove_chunk(arena, chunk);
    harena__leave_empty_chunks(arena);
  }
}

/* Goes back to the place of the youngest block, and to the chunk before if that empties its
 * chunk. */
void harena__step_back(harena__arena *arena, char *block) {
  if (harena__is_aside(arena)) {
    harena__leave_side_chunk(arena, arena->top, block);
    return;
  }
  harena__move_cursor(arena, block);
  arena->head.zeroed = block;
  harena__leave_empty_chunks(arena);
}

/* Blocks whose time in the quarantine is over. While a mark is active none goes on the lists. */
static void recycle_evicted(harena__arena *arena) {
  size_t span;
  for (void *block; (block = harena__block_evicted(arena, &span));) {
    if (may_recycle(arena)) {
      harena__recycle(arena, block, span);
    }
  }
}

/* Only what is surely the arena's: `block` and `size` are the caller's word. */
void harena__wipe_block(const harena__arena *arena, char *block, size_t size) {
  const harena__chunk *chunk = harena__chunk_of(arena->top, block);
  if (chunk && size <= harena__distance(block, chunk->end)) {
    harena__wipe(arena, block, size);
  }
}

void harena__retire_block(harena__arena *arena, void *block, size_t size, harena__end why) {
  bool youngest = harena__is_youngest_block(arena, block, size);
  bool refunded = harena__is_refunded(arena, block, youngest);
  harena__wipe_block(arena, block, size);
  harena__verdict verdict = harena__block_retired(arena, block, size, why);
  if (verdict == HARENA__IGNORE) {
    return;
  }
  if (refunded) {
    harena__refund(arena, block, harena__round_up(size), size);
  }
  harena__chunk *side = youngest ? harena__side_chunk_of(arena, block) : NULL;
  if (side) {
    harena__refund_padding(arena, side, block, verdict);
  }
  if (verdict == HARENA__REUSE && youngest) {
    harena__step_back(arena, block);
  } else if (verdict == HARENA__REUSE && refunded) {
    harena__recycle(arena, block, harena__span(arena, size));
  }
  recycle_evicted(arena);
}

void harena__free(harena *handle, void *block, size_t size) {
  if (!block || !harena__entered(handle)) {
    return;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  harena__settle(arena);
  harena__retire_block(arena, block, harena__max(size, 1), HARENA__FREED);
  harena__open_window(arena);
}
