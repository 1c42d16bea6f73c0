/* harena_free() and harena_realloc() with something that is not a live block of the arena, or not
 * all of it. */
#include "sites.h"

/* ---- Twice ---- */

static void freed_twice_with_flags(const struct trial *trial, unsigned flags, bool youngest) {
  harena *arena = open_with_flags(flags);
  char *record = allocate_record(arena);
  if (!youngest) {
    allocate_neighbour(arena, 24);
  }
  free_block(arena, record, RECORD);
  if (!trial->bug) {
    record = allocate_record(arena);
  }
  free_again(arena, record, RECORD);
  conclude(arena);
}

static void freed_twice_youngest(const struct trial *trial) {
  freed_twice_with_flags(trial, 0, true);
}

static void freed_twice_older(const struct trial *trial) {
  freed_twice_with_flags(trial, 0, false);
}

static void freed_twice_recycling(const struct trial *trial) {
  freed_twice_with_flags(trial, HARENA_RECYCLE, false);
}

static void freed_twice_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  char *record = allocate_record(arena);
  allocate_neighbour(arena, 24);
  free_block(arena, record, RECORD);
  if (!trial->bug) {
    record = allocate_record(arena);
  }
  free_again(arena, record, RECORD);
  conclude(arena);
}

/* The old place of a block that moved is freed already. */
static void freed_after_move(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  allocate_neighbour(arena, 24);
  char *longer = resize_block(arena, record, RECORD, 2 * RECORD);
  if (trial->bug) {
    free_again(arena, record, RECORD);
  } else {
    free_again(arena, longer, 2 * RECORD);
  }
  conclude(arena);
}

static void resized_after_free(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  allocate_neighbour(arena, 24);
  if (trial->bug) {
    free_block(arena, record, RECORD);
  }
  resize_block(arena, record, RECORD, 2 * RECORD);
  conclude(arena);
}

static void freed_after_clear(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  free_again(arena, record, RECORD);
  conclude(arena);
}

/* ---- No block of this arena ---- */

static void freed_of_other_arena(const struct trial *trial) {
  harena *arena = open_request();
  harena *other = open_other();
  char *record = allocate_record(other);
  free_block(trial->bug ? arena : other, record, RECORD);
  conclude(other);
  conclude(arena);
}

static void freed_of_child(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  char *record = allocate_record(child);
  free_block(trial->bug ? session : child, record, RECORD);
  conclude(session);
}

static void freed_variable(const struct trial *trial) {
  char variable[RECORD] = {0};
  harena *arena = open_request();
  free_block(arena, trial->bug ? variable : NULL, RECORD);
  conclude(arena);
}

static void freed_interior(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  free_block(arena, record + (trial->bug ? 8 : 0), RECORD);
  conclude(arena);
}

/* ---- Another size ---- */

/* The variant is the size that is given instead of 40. */
static void freed_with_other_size(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  free_block(arena, record, trial->bug ? trial_number(trial) : RECORD);
  conclude(arena);
}

static void resized_with_other_size(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  resize_block(arena, record, trial->bug ? trial_number(trial) : RECORD, 100);
  conclude(arena);
}

const detection_case free_cases[] = {
    {"freed-twice-youngest", freed_twice_youngest},
    {"freed-twice-older", freed_twice_older},
    {"freed-twice-recycling", freed_twice_recycling},
    {"freed-twice-in-buffer", freed_twice_in_buffer},
    {"freed-after-move", freed_after_move},
    {"resized-after-free", resized_after_free},
    {"freed-after-clear", freed_after_clear},
    {"freed-of-other-arena", freed_of_other_arena},
    {"freed-of-child", freed_of_child},
    {"freed-variable", freed_variable},
    {"freed-interior", freed_interior},
    {"freed-with-other-size", freed_with_other_size},
    {"resized-with-other-size", resized_with_other_size},
    {NULL, NULL},
};
