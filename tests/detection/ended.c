/* Blocks that are touched after their end. Each case ends a record in another way; its variants
 * touch it in every way. The near miss leaves out the end, or touches before it. */
#include <stdlib.h>

#include "sites.h"

/* ---- Clear ---- */

static void cleared(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

/* As when the pool at fault has long served others. */
static void cleared_then_used(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  allocate_filler(arena, 1000);
  touch_record(trial, record);
  conclude(arena);
}

/* The report names the clear that ended the record, not a later one. */
static void cleared_many_times(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (!trial->bug) {
    touch_record(trial, record);
  }
  finish_request(arena);
  for (int i = 0; i < 100; i++) {
    allocate_filler(arena, 10);
    finish_later_request(arena);
  }
  if (trial->bug) {
    touch_record(trial, record);
  }
  conclude(arena);
}

static void cleared_and_trimmed(const struct trial *trial) {
  harena *arena = open_request();
  allocate_filler(arena, 1000);
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
    harena_trim(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void cleared_retaining_little(const struct trial *trial) {
  harena_options options = {.name = "request", .retain_limit = 1};
  harena *arena = harena_open(&options);
  allocate_filler(arena, 1000);
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void cleared_with_flags(const struct trial *trial, unsigned flags) {
  harena *arena = open_with_flags(flags);
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void cleared_zeroing(const struct trial *trial) {
  cleared_with_flags(trial, HARENA_ZERO_ON_CLEAR);
}

static void cleared_counting(const struct trial *trial) { cleared_with_flags(trial, HARENA_COUNT); }

static void cleared_recycling(const struct trial *trial) {
  cleared_with_flags(trial, HARENA_RECYCLE);
}

static void cleared_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void cleared_on_stack(const struct trial *trial) {
  char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void cleared_from_source(const struct trial *trial) {
  harena *arena = open_sourced();
  char *record = allocate_record(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  touch_record(trial, record);
  conclude(arena);
}

/* A child that has the flag clears its parent: both keep their handles, both lose their blocks. */
static void cleared_by_delegate(const struct trial *trial, bool record_in_child) {
  harena *session = open_session();
  harena_options options = {.name = "request", .parent = session, .flags = HARENA_CLEAR_PARENT};
  harena *child = harena_open(&options);
  char *record = allocate_record(record_in_child ? child : session);
  if (trial->bug) {
    finish_request(child);
  }
  touch_record(trial, record);
  check(child);
  conclude(session);
}

static void cleared_by_own_delegate(const struct trial *trial) { cleared_by_delegate(trial, true); }

static void cleared_by_childs_delegate(const struct trial *trial) {
  cleared_by_delegate(trial, false);
}

/* ---- Close ---- */

static void closed(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (!trial->bug) {
    touch_record(trial, record);
  }
  close_request(arena);
  if (trial->bug) {
    touch_record(trial, record);
  }
}

static void closed_then_others_opened(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (!trial->bug) {
    touch_record(trial, record);
  }
  close_request(arena);
  for (int i = 0; i < 100; i++) {
    harena *other = open_other();
    allocate_filler(other, 10);
    close_session(other);
  }
  if (trial->bug) {
    touch_record(trial, record);
  }
}

/* An arena that has slabs to itself is given back to the system: no tool is needed to see this. */
static void closed_large(const struct trial *trial) {
  enum { LARGE = 4 << 20 };
  harena_options options = {.name = "request", .initial_capacity = LARGE + LARGE};
  harena *arena = harena_open(&options);
  char *before = allocate_block(arena, LARGE);
  char *record = allocate_record(arena);
  char *behind = allocate_block(arena, LARGE);
  if (!trial->bug) {
    touch_record(trial, record);
  }
  (void)before;
  (void)behind;
  close_request(arena);
  if (trial->bug) {
    touch_record(trial, record);
  }
}

static void closed_child(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  char *record = allocate_record(child);
  if (trial->bug) {
    close_request(child);
  }
  touch_record(trial, record);
  conclude(session);
}

static void closed_by_parents_close(const struct trial *trial) {
  harena *session = open_session();
  char *record = allocate_record(open_child(session));
  if (!trial->bug) {
    touch_record(trial, record);
  }
  close_session(session);
  if (trial->bug) {
    touch_record(trial, record);
  }
}

static void closed_by_parents_clear(const struct trial *trial) {
  harena *session = open_session();
  char *record = allocate_record(open_child(session));
  if (trial->bug) {
    finish_session(session);
  }
  touch_record(trial, record);
  conclude(session);
}

static void closed_by_parents_rewind(const struct trial *trial) {
  harena *session = open_session();
  harena_mark mark = save_place(session);
  char *record = allocate_record(open_child(session));
  if (trial->bug) {
    undo(session, mark);
  }
  touch_record(trial, record);
  conclude(session);
}

/* ---- Rewind ---- */

/* The near miss of all: what is older than the mark lives on. */
static void rewound(const struct trial *trial) {
  harena *arena = open_request();
  char *older = allocate_record(arena);
  harena_mark mark = save_place(arena);
  char *younger = allocate_record(arena);
  undo(arena, mark);
  touch_record(trial, trial->bug ? younger : older);
  conclude(arena);
}

static void rewound_to_outer(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark outer = save_place(arena);
  allocate_filler(arena, 1);
  harena_mark inner = save_place(arena);
  char *record = allocate_record(arena);
  (void)inner;
  if (trial->bug) {
    undo(arena, outer);
  }
  touch_record(trial, record);
  conclude(arena);
}

/* A mark may be used many times; the report names the rewind that ended the record. */
static void rewound_again(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark mark = save_place(arena);
  char *record = allocate_record(arena);
  if (!trial->bug) {
    touch_record(trial, record);
  }
  undo(arena, mark);
  for (int i = 0; i < 10; i++) {
    allocate_filler(arena, 10);
    undo_again(arena, mark);
  }
  if (trial->bug) {
    touch_record(trial, record);
  }
  conclude(arena);
}

/* Far enough that the rewind gives whole chunks back. */
static void rewound_over_chunks(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark mark = save_place(arena);
  allocate_filler(arena, 1000);
  char *record = allocate_record(arena);
  allocate_filler(arena, 1000);
  if (trial->bug) {
    undo(arena, mark);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void rewound_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  harena_mark mark = save_place(arena);
  char *record = allocate_record(arena);
  if (trial->bug) {
    undo(arena, mark);
  }
  touch_record(trial, record);
  conclude(arena);
}

SITE static void touch_around_scope(const struct trial *trial, harena *arena) {
  char *record = NULL;
  HARENA_SCOPE(arena) { /* at touch_around_scope */
    record = allocate_record(arena);
    if (!trial->bug) {
      touch_record(trial, record);
    }
  } /* at touch_around_scope */
  if (trial->bug) {
    touch_record(trial, record);
  }
}

static void left_scope(const struct trial *trial) {
  harena *arena = open_request();
  touch_around_scope(trial, arena);
  conclude(arena);
}

/* Leaving by return ends the scope as well. */
SITE static char *return_from_scope(const struct trial *trial, harena *arena) {
  HARENA_SCOPE(arena) { /* at return_from_scope */
    char *record = allocate_record(arena);
    if (!trial->bug) {
      touch_record(trial, record);
    }
    return record; /* at return_from_scope */
  }                /* at return_from_scope */
  return NULL;
}

static void returned_from_scope(const struct trial *trial) {
  harena *arena = open_request();
  char *record = return_from_scope(trial, arena);
  if (trial->bug) {
    touch_record(trial, record);
  }
  conclude(arena);
}

/* ---- Free ---- */

static void freed_youngest(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  if (trial->bug) {
    free_block(arena, record, RECORD);
  }
  touch_record(trial, record);
  conclude(arena);
}

static void freed_older(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  allocate_neighbour(arena, 64);
  if (trial->bug) {
    free_block(arena, record, RECORD);
  }
  touch_record(trial, record);
  conclude(arena);
}

/* An arena that recycles would like to use the place again at once. */
static void freed_to_recycle(const struct trial *trial) {
  harena *arena = open_with_flags(HARENA_RECYCLE);
  char *record = allocate_record(arena);
  allocate_filler(arena, 1);
  if (trial->bug) {
    free_block(arena, record, RECORD);
  }
  allocate_filler(arena, 10);
  touch_record(trial, record);
  conclude(arena);
}

static void freed_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  char *record = allocate_record(arena);
  if (trial->bug) {
    free_block(arena, record, RECORD);
  }
  touch_record(trial, record);
  conclude(arena);
}

/* A block behind it forces the record to move. The near miss uses what realloc returned. */
static void moved(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  allocate_neighbour(arena, 64);
  char *longer = resize_block(arena, record, RECORD, 4 * RECORD);
  touch_record(trial, trial->bug ? record : longer);
  conclude(arena);
}

/* The youngest block grows where it is, or moves when its chunk is full: nobody may count on
 * either. */
static void moved_at_whim(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  char *longer = resize_block(arena, record, RECORD, 4 * RECORD);
  touch_record(trial, trial->bug ? record : longer);
  conclude(arena);
}

const detection_case ended_cases[] = {
    {"cleared", cleared},
    {"cleared-then-used", cleared_then_used},
    {"cleared-many-times", cleared_many_times},
    {"cleared-and-trimmed", cleared_and_trimmed},
    {"cleared-retaining-little", cleared_retaining_little},
    {"cleared-zeroing", cleared_zeroing},
    {"cleared-counting", cleared_counting},
    {"cleared-recycling", cleared_recycling},
    {"cleared-in-buffer", cleared_in_buffer},
    {"cleared-on-stack", cleared_on_stack},
    {"cleared-from-source", cleared_from_source},
    {"cleared-by-own-delegate", cleared_by_own_delegate},
    {"cleared-by-childs-delegate", cleared_by_childs_delegate},
    {"closed", closed},
    {"closed-then-others-opened", closed_then_others_opened},
    {"closed-large", closed_large},
    {"closed-child", closed_child},
    {"closed-by-parents-close", closed_by_parents_close},
    {"closed-by-parents-clear", closed_by_parents_clear},
    {"closed-by-parents-rewind", closed_by_parents_rewind},
    {"rewound", rewound},
    {"rewound-to-outer", rewound_to_outer},
    {"rewound-again", rewound_again},
    {"rewound-over-chunks", rewound_over_chunks},
    {"rewound-in-buffer", rewound_in_buffer},
    {"left-scope", left_scope},
    {"returned-from-scope", returned_from_scope},
    {"freed-youngest", freed_youngest},
    {"freed-older", freed_older},
    {"freed-to-recycle", freed_to_recycle},
    {"freed-in-buffer", freed_in_buffer},
    {"moved", moved},
    {"moved-at-whim", moved_at_whim},
    {NULL, NULL},
};
