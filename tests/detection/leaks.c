/* Arenas that are open at the end. It is a leak when nobody holds the handle any more; the near
 * misses hold it, each in another place. */
#include <stdlib.h>

#include "sites.h"

static harena *volatile variable;
static harena **volatile pointer_to_heap;
static harena **volatile pointer_to_block;

/* Frames and registers that are left as they are would keep the handle. */
SITE static void overwrite_stack(void) {
  volatile char bytes[16384];
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] = 0;
  }
}

static void forget(const struct trial *trial, harena *volatile *holder) {
  if (trial->bug) {
    *holder = NULL;
  }
}

/* ---- Who held it ---- */

SITE static void open_and_return(bool closes) {
  harena *arena = open_request();
  allocate_filler(arena, 3);
  if (closes) {
    harena_close(arena);
  }
}

SITE static void keep_in_variable(const struct trial *trial) {
  variable = open_request();
  forget(trial, &variable);
}

SITE static void keep_in_heap(const struct trial *trial) {
  pointer_to_heap = malloc(sizeof *pointer_to_heap);
  if (pointer_to_heap) {
    *pointer_to_heap = open_request();
  }
  if (trial->bug) {
    free(pointer_to_heap);
  }
}

/* A block of an arena that is held itself; the bug clears it. */
SITE static void keep_in_block(const struct trial *trial) {
  variable = open_other();
  pointer_to_block = harena_new(variable, harena *);
  if (pointer_to_block) {
    *pointer_to_block = open_request();
  }
  if (trial->bug) {
    pointer_to_block = NULL;
    finish_request(variable);
  }
}

/* A child's handle keeps its family. */
SITE static void keep_by_child(const struct trial *trial) {
  variable = open_child(open_session());
  forget(trial, &variable);
}

static void lost_handle(const struct trial *trial) {
  if (trial_is(trial, "local") || trial_is(trial, "on-demand")) {
    open_and_return(!trial->bug);
  } else if (trial_is(trial, "global")) {
    keep_in_variable(trial);
  } else if (trial_is(trial, "heap")) {
    keep_in_heap(trial);
  } else if (trial_is(trial, "dead-block")) {
    keep_in_block(trial);
  } else if (trial_is(trial, "parent")) {
    keep_by_child(trial);
  } else {
    trial_unknown(trial);
  }
  overwrite_stack();
  if (trial_is(trial, "on-demand")) {
    harena_find_leaks();
    _Exit(0);
  }
}

/* ---- Not a leak ---- */

static _Thread_local harena *volatile of_thread;

/* Bug or not: what is held, and in time closed or not, is no error. */
static void open_at_exit(const struct trial *trial) {
  of_thread = open_request();
  if (!trial->bug) {
    harena_close(of_thread);
  }
}

static void leaks_off(const struct trial *trial) {
  open_and_return(!trial->bug);
  overwrite_stack();
}

const detection_case leak_cases[] = {
    {"lost-handle", lost_handle},
    {"open-at-exit", open_at_exit},
    {"leaks-off", leaks_off},
    {NULL, NULL},
};
