#include <string.h>

#include "block.h"
#include "chunk.h"
#include "failure.h"
#include "hooks.h"
#include "mark.h"
#include "recycle.h"
#include "window.h"

/* The rounded sizes, and what is known of the block before it changes. */
typedef struct resize {
  char *block;
  size_t old_size;
  size_t new_size;
  size_t align;
  bool youngest;
  bool lies_last;
  harena__chunk *side; /* that the block lies in, or NULL */
} resize;

static size_t old_charge(const resize *it) { return harena__round_up(it->old_size); }
static size_t new_charge(const resize *it) { return harena__round_up(it->new_size); }

static void put_end(harena__arena *arena, char *end) {
  if (harena__is_aside(arena)) {
    arena->top->fill = end;
    return;
  }
  if (end < arena->head.cursor) {
    arena->head.zeroed = end;
  }
  harena__move_cursor(arena, end);
}

/* The bytes behind a block that shrank: given back if it lies last, recycled if the arena does
 * that. */
static void reuse_tail(harena__arena *arena, const resize *it) {
  char *tail = it->block + harena__span(arena, it->new_size);
  char *end = it->block + harena__span(arena, it->old_size);
  if (it->lies_last && it->youngest) {
    put_end(arena, tail);
  } else if (end > tail) {
    harena__recycle(arena, tail, harena__distance(tail, end));
  }
}

/* Within its charge a block may also grow. */
static void count_growth(harena__arena *arena, const resize *it) {
  if (harena__is_exact(arena) && it->new_size > it->old_size) {
    size_t data = it->new_size - it->old_size;
    arena->data += data;
    harena__count_in_marks(arena, it->block, data);
  }
}

static void shrink(harena__arena *arena, const resize *it) {
  bool refunded = harena__is_refunded(arena, it->block, it->youngest);
  size_t charge = old_charge(it) - new_charge(it);
  size_t data = it->old_size > it->new_size ? it->old_size - it->new_size : 0;
  if (data > 0) {
    harena__wipe_block(arena, it->block + it->new_size, data);
  }
  harena__verdict verdict = harena__block_resized(arena, it->block, it->old_size, it->new_size);
  harena__refund(arena, it->block, refunded ? charge : 0, data);
  count_growth(arena, it);
  if (refunded && verdict == HARENA__REUSE) {
    reuse_tail(arena, it);
  }
}

static bool has_room(const harena__arena *arena, const resize *it) {
  const char *end = harena__is_aside(arena) ? arena->top->end : arena->current->end;
  return harena__span(arena, it->new_size) <= harena__distance(it->block, end);
}

static void grow(harena__arena *arena, const resize *it) {
  arena->settled += new_charge(it) - old_charge(it);
  count_growth(arena, it);
  put_end(arena, it->block + harena__span(arena, it->new_size));
  harena__block_resized(arena, it->block, it->old_size, it->new_size);
}

/* The youngest block has moved: the arena goes on as if the old place had never been taken. That
 * was a side chunk, or lies last in the current one, or right before where the arena took its
 * newest chunk. */
static void forget_old_place(harena__arena *arena, const resize *it) {
  harena__chunk *top = arena->top;
  char *end = it->block + harena__span(arena, it->old_size);
  if (it->side) {
    harena__leave_side_chunk(arena, it->side, it->block);
  } else if (top->resume_cursor == end) {
    top->resume_cursor = it->block;
    if (top->resume_chunk == arena->current) {
      harena__move_cursor(arena, it->block);
      arena->head.zeroed = it->block;
    } else {
      top->resume_chunk->fill = it->block;
    }
  } else if (harena__lies_last(arena, it->block, it->old_size)) {
    harena__step_back(arena, it->block);
  }
}

static void retire_old_place(harena__arena *arena, const resize *it) {
  if (!it->youngest) {
    harena__retire_block(arena, it->block, it->old_size, HARENA__FREED);
    return;
  }
  harena__wipe_block(arena, it->block, it->old_size);
  harena__verdict verdict = harena__block_retired(arena, it->block, it->old_size, HARENA__RESIZED);
  if (it->side) {
    harena__refund_padding(arena, it->side, it->block, verdict);
  }
  if (verdict == HARENA__REUSE) {
    forget_old_place(arena, it);
  }
}

/* Only counted as one resized block, not as a second one. The youngest block is charged for the
 * difference only, wherever it goes: what a layout happens to allow must not change what a program
 * may use. */
static char *take_new_place(harena__arena *arena, const resize *it, harena_status *status) {
  size_t settled = arena->settled;
  size_t data = arena->data;
  if (it->youngest) {
    harena__refund(arena, it->block, old_charge(it), it->old_size);
  }
  char *place = harena__try_allocate(arena, it->new_size, it->align, status);
  if (!place) {
    arena->settled = settled;
    arena->data = data;
    harena__open_window(arena);
  } else if (harena__is_exact(arena)) {
    arena->allocations--;
  }
  return place;
}

static void *move(harena__arena *arena, const resize *it) {
  harena_status status;
  char *place = take_new_place(arena, it, &status);
  if (!place) {
    return harena__fail(arena, status, it->new_size);
  }
  memcpy(place, it->block, harena__min(it->old_size, it->new_size));
  retire_old_place(arena, it);
  return place;
}

static bool can_grow_here(const harena__arena *arena, const resize *it) {
  return it->lies_last && it->youngest && has_room(arena, it) &&
         new_charge(it) - old_charge(it) <= harena__headroom(arena);
}

static void *resize_block(harena__arena *arena, const resize *it, bool may_stay) {
  bool stays = may_stay && harena__padding(it->block, it->align) == 0;
  if (stays && new_charge(it) <= old_charge(it)) {
    shrink(arena, it);
    return it->block;
  }
  if (stays && can_grow_here(arena, it)) {
    grow(arena, it);
    return it->block;
  }
  return move(arena, it);
}

static resize describe(const harena__arena *arena, char *block, size_t old_size, size_t new_size,
                       size_t align) {
  return (resize){.block = block,
                  .old_size = old_size,
                  .new_size = new_size,
                  .align = harena__max(align, HARENA__GRANULE),
                  .youngest = harena__is_youngest_block(arena, block, old_size),
                  .lies_last = harena__lies_last(arena, block, old_size),
                  .side = harena__side_chunk_of(arena, block)};
}

/* The common case: the block ends where an open window begins, so that a step of the cursor is all
 * there is to do, as in an allocation. A step of 0 would get through a closed window as well: it
 * wraps. */
static bool extend_into_window(harena__arena *arena, const char *block, size_t old_size,
                               size_t new_size) {
  const char *end = block + harena__round_up(old_size);
  size_t more = harena__round_up(new_size) - harena__round_up(old_size);
  if (end != arena->head.cursor || arena->top != arena->current || arena->newest_mark ||
      more - 1 >= harena__distance(arena->head.cursor, arena->head.limit)) {
    return false;
  }
  arena->head.cursor += more;
  return true;
}

bool harena__extend(harena__arena *arena, char *block, size_t old_size, size_t new_size) {
  if (arena->busy || new_size > HARENA__MAX_SIZE) {
    return false;
  }
  if (extend_into_window(arena, block, old_size, new_size)) {
    return true;
  }
  harena__settle(arena);
  resize it = describe(arena, block, old_size, new_size, HARENA__GRANULE);
  if (!can_grow_here(arena, &it)) {
    return false;
  }
  grow(arena, &it);
  harena__settle(arena);
  harena__open_window(arena);
  return true;
}

char *harena__replace(harena__arena *arena, char *block, size_t old_size, bool youngest,
                      size_t new_size, size_t align, harena_status *status) {
  harena__settle(arena);
  resize it = {.block = block,
               .old_size = old_size,
               .new_size = new_size,
               .align = align,
               .youngest = youngest};
  return take_new_place(arena, &it, status);
}

static bool is_resize(const harena__arena *arena, const void *block, size_t old_size,
                      size_t new_size, size_t align) {
  return harena__is_align(align) && !arena->busy && (block || old_size == 0) &&
         old_size <= HARENA__MAX_SIZE && new_size <= HARENA__MAX_SIZE;
}

static void *resize_live(harena__arena *arena, void *block, size_t old_size, size_t new_size,
                         size_t align) {
  HARENA__VISIT(arena);
  harena__verdict verdict = harena__block_resizing(arena, block, old_size, new_size);
  if (verdict == HARENA__IGNORE) {
    return harena__fail(arena, HARENA_INVALID, new_size);
  }
  harena__settle(arena);
  resize it = describe(arena, block, old_size, new_size, align);
  void *place = resize_block(arena, &it, verdict == HARENA__REUSE);
  harena__settle(arena);
  harena__open_window(arena);
  return place;
}

void *harena__realloc(harena *handle, void *block, size_t old_size, size_t new_size, size_t align) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  harena__arena *arena = harena__record(handle);
  if (!is_resize(arena, block, old_size, new_size, align)) {
    bool too_large = harena__is_align(align) && new_size > HARENA__MAX_SIZE;
    return harena__fail(arena, too_large ? HARENA_NO_MEMORY : HARENA_INVALID, new_size);
  }
  if (!block) {
    return harena__allocate(arena, new_size, align);
  }
  return resize_live(arena, block, harena__max(old_size, 1), harena__max(new_size, 1), align);
}
