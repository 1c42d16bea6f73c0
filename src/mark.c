#include "mark.h"

#include "block.h"
#include "chunk.h"
#include "cleanup.h"
#include "failure.h"
#include "family.h"
#include "hooks.h"
#include "window.h"

#include <stdatomic.h>

/* ---- Epochs ---- */

/* Epochs are never used twice in a process. An arena takes many at a time, so that clears share no
 * writes; 2^64 of them last for as long as anyone will run. */
enum { EPOCHS_AT_A_TIME = 65536 };

static atomic_uint_fast64_t epochs_taken = 1;

static uint64_t new_epoch(harena__arena *arena) {
  if (arena->next_epoch == arena->last_epoch) {
    arena->next_epoch =
        atomic_fetch_add_explicit(&epochs_taken, EPOCHS_AT_A_TIME, memory_order_relaxed);
    arena->last_epoch = arena->next_epoch + EPOCHS_AT_A_TIME;
    arena->first_epoch = arena->first_epoch ? arena->first_epoch : arena->next_epoch;
  }
  return arena->next_epoch++;
}

/* The head carries the epoch while one compare can decide: not between marks, not when watched. */
static void publish_epoch(harena__arena *arena) {
  bool closed = arena->newest_mark || (arena->closed & HARENA__WATCHED);
  arena->head.epoch = closed ? HARENA_CLOSED_EPOCH : arena->epoch;
}

void harena__start_generation(harena__arena *arena) {
  arena->newest_mark = NULL;
  arena->mark_count = 0;
  arena->epoch = new_epoch(arena);
  publish_epoch(arena);
}

bool harena__is_since(const harena__arena *arena, const harena__mark *mark, const void *address) {
  for (const harena__chunk *chunk = arena->top; chunk != mark->top; chunk = chunk->older) {
    if (harena__within(chunk->memory, chunk->size, address)) {
      return true;
    }
  }
  const harena__chunk *chunk = mark->current;
  return harena__within(chunk->memory, chunk->size, address) &&
         (uintptr_t)address >= (uintptr_t)mark->cursor;
}

uint64_t harena__epoch_of(const harena__arena *arena, const void *address) {
  for (const harena__mark *mark = arena->newest_mark; mark; mark = mark->older) {
    if (harena__is_since(arena, mark, address)) {
      return mark->epoch;
    }
  }
  return arena->epoch;
}

void harena__refund_marks(harena__arena *arena, const void *block, size_t charge, size_t data) {
  for (harena__mark *mark = arena->newest_mark; mark; mark = mark->older) {
    if (!harena__is_since(arena, mark, block)) {
      mark->settled -= charge;
      mark->data -= data;
    }
  }
}

void harena__count_in_marks(harena__arena *arena, const void *block, size_t data) {
  for (harena__mark *mark = arena->newest_mark; mark; mark = mark->older) {
    if (!harena__is_since(arena, mark, block)) {
      mark->data += data;
    }
  }
}

/* ---- Saving ---- */

/* Every block is charged, so an equal charge means that all blocks since the mark were refunded.
 * Positions would say the same only where addresses are reused. */
static bool is_here(const harena__arena *arena, const harena__mark *mark) {
  return mark && mark->settled == arena->settled && mark->cleanup == arena->newest_cleanup &&
         mark->children == arena->children_opened;
}

static harena__mark *new_entry(harena__arena *arena) {
  if (arena->mark_count < HARENA__MARKS) {
    return &arena->marks[arena->mark_count];
  }
  return harena__allocate(arena, sizeof(harena__mark), _Alignof(harena__mark));
}

static harena__mark *add_mark(harena__arena *arena) {
  harena__mark *mark = new_entry(arena);
  if (!mark) {
    return NULL;
  }
  harena__settle(arena);
  uint64_t epoch = new_epoch(arena);
  *mark = (harena__mark){.older = arena->newest_mark,
                         .stamp = epoch,
                         .epoch = epoch,
                         .top = arena->top,
                         .current = arena->current,
                         .cursor = arena->head.cursor,
                         .settled = arena->settled,
                         .data = arena->data,
                         .cleanup = arena->newest_cleanup,
                         .children = arena->children_opened};
  arena->newest_mark = mark;
  arena->mark_count++;
  publish_epoch(arena);
  return mark;
}

static harena__mark *save(harena__arena *arena) {
  if (arena->busy) {
    return harena__fail(arena, HARENA_INVALID, 0);
  }
  HARENA__VISIT(arena);
  harena__settle(arena);
  return is_here(arena, arena->newest_mark) ? arena->newest_mark : add_mark(arena);
}

static harena_mark handle_of(const harena__arena *arena, const harena__mark *mark) {
  harena_mark dead = {NULL, 0};
  return mark ? (harena_mark){&arena->head, mark->stamp} : dead;
}

harena_mark harena__save(harena *handle) {
  harena__arena *arena = harena__record(handle);
  return handle_of(arena, harena__entered(handle) ? save(arena) : NULL);
}

/* ---- Rewinding ---- */

static harena__mark *find_mark(const harena__arena *arena, harena_mark handle) {
  harena__mark *mark = handle.arena == &arena->head ? arena->newest_mark : NULL;
  while (mark && mark->stamp != handle.stamp) {
    mark = mark->older;
  }
  return mark;
}

static void forget_marks_after(harena__arena *arena, const harena__mark *mark) {
  while (arena->newest_mark != mark) {
    arena->newest_mark = arena->newest_mark->older;
    arena->mark_count--;
  }
}

static void rewind_to(harena__arena *arena, harena__mark *mark) {
  harena__arena_ending(arena, HARENA__REWOUND);
  harena__close_children_after(arena, mark->children);
  harena__run_cleanups(arena, mark->cleanup);
  harena__settle(arena);
  forget_marks_after(arena, mark);
  harena__pop_chunks_above(arena, mark->top, HARENA__REWOUND);
  mark->cursor = harena__retire(arena, mark->cursor, arena->head.cursor, HARENA__REWOUND);
  harena__move_cursor(arena, mark->cursor);
  arena->head.zeroed = mark->cursor;
  arena->settled = mark->settled;
  arena->data = mark->data;
  mark->epoch = new_epoch(arena);
  harena__open_window(arena);
  harena__arena_resumed(arena);
}

static harena__mark *checked_mark(const harena__arena *arena, harena_mark handle) {
  harena__mark *mark = find_mark(arena, handle);
  if (!mark) {
    harena__misuse_panic(arena, HARENA__DEAD_MARK, handle.arena);
  }
  if (arena->busy) {
    harena__misuse_panic(arena, HARENA__BUSY_ARENA, arena);
  }
  return mark;
}

void harena__rewind(harena *handle, harena_mark mark) {
  if (!harena__entered(handle)) {
    return;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  rewind_to(arena, checked_mark(arena, mark));
}

/* ---- Scopes ---- */

harena_scope harena_scope_enter(harena *handle) {
  harena_scope scope = {.arena = handle, .entered = harena__entered(handle)};
  if (!scope.entered) {
    return scope;
  }
  harena__arena *arena = harena__record(handle);
  const harena__mark *before = arena->newest_mark;
  scope.mark = handle_of(arena, save(arena));
  scope.owned = arena->newest_mark != before;
  return scope;
}

/* A mark that nobody else knows is removed, so that scopes in a loop do not pile up. One that lies
 * in the arena is its youngest block now. */
static void remove_mark(harena__arena *arena, harena__mark *mark) {
  arena->newest_mark = mark->older;
  arena->mark_count--;
  publish_epoch(arena);
  if (arena->mark_count >= HARENA__MARKS) {
    harena__retire_block(arena, mark, sizeof *mark, HARENA__REWOUND);
    harena__open_window(arena);
  }
}

void harena_scope_leave(harena_scope *scope) {
  if (!scope->mark.arena || !harena__entered(scope->arena)) {
    return;
  }
  harena__arena *arena = harena__record(scope->arena);
  HARENA__VISIT(arena);
  harena__mark *mark = checked_mark(arena, scope->mark);
  rewind_to(arena, mark);
  if (scope->owned) {
    remove_mark(arena, mark);
  }
}
