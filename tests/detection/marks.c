/* Rewinding to a mark that is no longer, or never was, active in the arena. */
#include "sites.h"

static void dead_zeroed(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark mark = {0};
  if (!trial->bug) {
    mark = save_place(arena);
  }
  undo(arena, mark);
  conclude(arena);
}

static void dead_after_clear(const struct trial *trial) {
  harena *arena = open_request();
  allocate_filler(arena, 3);
  harena_mark mark = save_place(arena);
  finish_request(arena);
  if (!trial->bug) {
    mark = save_place(arena);
  }
  undo(arena, mark);
  conclude(arena);
}

static void dead_of_other_arena(const struct trial *trial) {
  harena *arena = open_request();
  harena *other = open_other();
  harena_mark own = save_place(arena);
  harena_mark foreign = save_place(other);
  undo(arena, trial->bug ? foreign : own);
  conclude(other);
  conclude(arena);
}

/* Rewinding to the outer mark removes the inner one. */
static void dead_after_outer_rewind(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark outer = save_place(arena);
  allocate_filler(arena, 3);
  harena_mark inner = save_place(arena);
  allocate_filler(arena, 3);
  if (trial->bug) {
    undo(arena, outer);
    undo_again(arena, inner);
  } else {
    undo(arena, inner);
    undo_again(arena, outer);
  }
  conclude(arena);
}

/* More marks than the record has room for. */
static void dead_among_many(const struct trial *trial) {
  enum { MARKS = 40 };
  harena *arena = open_request();
  harena_mark marks[MARKS];
  for (int i = 0; i < MARKS; i++) {
    marks[i] = save_place(arena);
    allocate_filler(arena, 3);
  }
  undo(arena, marks[20]);
  undo_again(arena, marks[trial->bug ? 21 : 20]);
  conclude(arena);
}

SITE static void clear_inside_scope(const struct trial *trial, harena *arena) {
  HARENA_SCOPE(arena) { /* at clear_inside_scope */
    allocate_filler(arena, 3);
    if (trial->bug) {
      finish_request(arena);
    }
  } /* at clear_inside_scope */
}

static void dead_in_scope(const struct trial *trial) {
  harena *arena = open_request();
  clear_inside_scope(trial, arena);
  conclude(arena);
}

const detection_case mark_cases[] = {
    {"dead-mark-zeroed", dead_zeroed},
    {"dead-mark-after-clear", dead_after_clear},
    {"dead-mark-of-other-arena", dead_of_other_arena},
    {"dead-mark-after-outer-rewind", dead_after_outer_rewind},
    {"dead-mark-among-many", dead_among_many},
    {"dead-mark-in-scope", dead_in_scope},
    {NULL, NULL},
};
