/* Pointers that outlive what they point to. The bug leaves one in a place that lives on; the near
 * miss takes it away after the clear, as a program does that is right. Nobody follows them: the
 * mistake is that they are there.
 *
 * Places are volatile, so that no compiler leaves out a store that nobody reads. */
#define _GNU_SOURCE /* barriers, anonymous mappings */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sites.h"

char *volatile escaped_global;                     /* at escaped_global */
static char *volatile escaped_static;              /* at escaped_static */
static _Thread_local char *volatile escaped_local; /* at escaped_local */
static char *volatile *volatile escaped_slot;      /* in the heap, a mapping, another arena */
static volatile uintptr_t escaped_number;          /* at escaped_number */
static volatile uint32_t escaped_half;
static volatile struct __attribute__((packed)) packed {
  char byte;
  char *pointer;
} escaped_packed; /* at escaped_packed */
static harena *volatile session;

/* ---- Places ---- */

static void keep_in_global(char *pointer) { escaped_global = pointer; }

static void keep_in_static(char *pointer) { escaped_static = pointer; }

static void keep_in_thread_local(char *pointer) { escaped_local = pointer; }

/* Once there, the slot is used again. */
static void keep_in_slot(char *pointer, void *fresh) {
  if (!escaped_slot) {
    escaped_slot = fresh;
  }
  escaped_slot[2] = pointer;
}

static void keep_in_heap(char *pointer) {
  keep_in_slot(pointer, escaped_slot ? NULL : calloc(8, sizeof *escaped_slot));
}

static void keep_in_mapping(char *pointer) {
  keep_in_slot(pointer, escaped_slot ? NULL
                                     : mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static void keep_in_other_arena(char *pointer) {
  if (!session) {
    session = open_session();
  }
  keep_in_slot(pointer, escaped_slot ? NULL
                                     : harena_alloc_zeroed(session, 8 * sizeof *escaped_slot,
                                                           sizeof *escaped_slot));
}

static void keep_interior(char *pointer) { escaped_global = pointer ? pointer + RECORD / 2 : NULL; }

static void keep_end(char *pointer) { escaped_global = pointer ? pointer + RECORD : NULL; }

static void keep_tagged(char *pointer) { escaped_number = pointer ? (uintptr_t)pointer | 1 : 0; }

static void keep_packed(char *pointer) { escaped_packed.pointer = pointer; }

/* What no search sees. */
static const uintptr_t mask = (uintptr_t)0x5bd1e9955bd1e995U;

static void keep_mixed(char *pointer) { escaped_number = pointer ? (uintptr_t)pointer ^ mask : 0; }

static void keep_half(char *pointer) { escaped_half = (uint32_t)(uintptr_t)pointer; }

typedef struct place {
  const char *variant;
  void (*keep)(char *pointer);
} place;

static const place places[] = {
    {"global", keep_in_global},
    {"static", keep_in_static},
    {"thread-local", keep_in_thread_local},
    {"heap", keep_in_heap},
    {"mapping", keep_in_mapping},
    {"other-arena", keep_in_other_arena},
    {"interior", keep_interior},
    {"end", keep_end},
    {"tagged", keep_tagged},
    {"packed", keep_packed},
    {"mixed", keep_mixed},
    {"half", keep_half},
};

static const place *place_of(const struct trial *trial) {
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    if (trial_is(trial, places[i].variant)) {
      return &places[i];
    }
  }
  trial_unknown(trial);
}

/* ---- Cases ---- */

/* The block's address is in no frame that is still there. */
SITE static void make_request(harena *arena, void (*keep)(char *pointer)) {
  keep(allocate_record(arena));
}

static void escaped(const struct trial *trial) {
  const place *it = place_of(trial);
  harena *arena = open_request();
  make_request(arena, it->keep);
  finish_request(arena);
  if (!trial->bug) {
    it->keep(NULL);
  }
  harena_close(arena);
}

/* With escape=immediate a pointer must be gone before the clear. */
static void escaped_at_once(const struct trial *trial) {
  const place *it = place_of(trial);
  harena *arena = open_request();
  make_request(arena, it->keep);
  if (!trial->bug) {
    it->keep(NULL);
  }
  finish_request(arena);
  it->keep(NULL);
  harena_close(arena);
}

/* A local variable of a function that goes on; read at the end, so that it is live. */
SITE static void escaped_to_frame(const struct trial *trial) {
  harena *arena = open_request();
  char *volatile kept = allocate_record(arena);
  finish_request(arena);
  if (!trial->bug) {
    kept = NULL;
  }
  harena_close(arena);
  decide_on(kept != NULL);
}

typedef struct handshake {
  pthread_barrier_t begins;
  pthread_barrier_t ends;
  char *pointer;
  int thread;
} handshake;

SITE static void hold_pointer(handshake *shared) {
  char *volatile kept = shared->pointer;
  shared->pointer = NULL;
  shared->thread = gettid();
  pthread_barrier_wait(&shared->begins);
  pthread_barrier_wait(&shared->ends);
  decide_on(kept != NULL);
}

static void *hold(void *argument) {
  hold_pointer(argument);
  return NULL;
}

/* Returns when the kernel says that the thread waits. */
static void wait_until_it_waits(int thread) {
  char path[64];
  char state = 'R';
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  while (state != 'S') {
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%*d %*s %c", &state) != 1) {
      abort();
    }
    fclose(file);
  }
}

/* The process ends while the other thread waits. */
static void escaped_to_thread(const struct trial *trial) {
  static handshake shared;
  pthread_t thread;
  harena *arena = open_request();
  shared.pointer = trial->bug ? allocate_record(arena) : NULL;
  pthread_barrier_init(&shared.begins, NULL, 2);
  pthread_barrier_init(&shared.ends, NULL, 2);
  pthread_create(&thread, NULL, hold, &shared);
  pthread_barrier_wait(&shared.begins);
  finish_request(arena);
  harena_close(arena);
  wait_until_it_waits(shared.thread);
}

/* What is encoded is found by the plain copy that the program has registered. */
static void escaped_registered(const struct trial *trial) {
  static char *volatile plain_copy; /* at plain_copy */
  harena *arena = open_request();
  harena_track((void *)(uintptr_t)&plain_copy);
  plain_copy = allocate_record(arena);
  keep_mixed(plain_copy);
  if (!trial->bug) {
    plain_copy = NULL;
  }
  finish_request(arena);
  harena_untrack((void *)(uintptr_t)&plain_copy);
  plain_copy = NULL;
  harena_close(arena);
}

static void escaped_allowed(const struct trial *trial) {
  harena *arena = open_request();
  make_request(arena, keep_in_global);
  if (!trial->bug) {
    harena_may_dangle((void *)(uintptr_t)&escaped_global, "compared, never followed");
  }
  finish_request(arena);
  harena_close(arena);
}

/* An older block, and a mark between. */
static void escaped_behind_mark(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark mark = save_place(arena);
  make_request(arena, keep_in_global);
  undo(arena, mark);
  if (!trial->bug) {
    escaped_global = NULL;
  }
  harena_close(arena);
}

static void escaped_from_closed(const struct trial *trial) {
  harena *arena = open_request();
  make_request(arena, keep_in_global);
  close_request(arena);
  if (!trial->bug) {
    escaped_global = NULL;
  }
}

static void look_at_record(void *record) { read_byte(record); }

SITE static void defer_context(harena *arena, void *context) {
  if (!harena_defer(arena, look_at_record, context)) { /* at defer_context */
    abort();
  }
}

/* The cleanup would run when the child, and what it is given, is gone. */
static void inverted(const struct trial *trial) {
  harena *arena = open_request();
  harena *child = open_child(arena);
  char *record = allocate_record(trial->bug ? child : arena);
  fill_record(record);
  defer_context(arena, record);
  harena_close(child);
  harena_close(arena);
}

const detection_case escape_cases[] = {
    {"escaped", escaped},
    {"escaped-at-once", escaped_at_once},
    {"escaped-packed", escaped},
    {"escaped-encoded", escaped},
    {"escaped-to-frame", escaped_to_frame},
    {"escaped-to-thread", escaped_to_thread},
    {"escaped-registered", escaped_registered},
    {"escaped-allowed", escaped_allowed},
    {"escaped-behind-mark", escaped_behind_mark},
    {"escaped-from-closed", escaped_from_closed},
    {"inverted", inverted},
    {NULL, NULL},
};
