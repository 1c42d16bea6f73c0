/* One arena, two threads: in calls that overlap in time, or, with threads=owner, without a
 * hand-over. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

#include "sites.h"

SITE static void use_elsewhere(harena *arena) {
  (void)!harena_alloc(arena, 24, 8); /* at use_elsewhere */
}

SITE static void use_here(harena *arena) { (void)!harena_alloc(arena, 24, 8); /* at use_here */ }

typedef void *visit_function(void *arena);

static void *visit(void *arena) {
  use_elsewhere(arena);
  harena_hand_over(arena);
  return NULL;
}

static void *keep(void *arena) {
  use_elsewhere(arena);
  return NULL;
}

static pthread_t start(visit_function *function, harena *arena) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, function, arena) != 0) {
    perror("starting a thread");
    exit(3);
  }
  return thread;
}

static void have_visit(visit_function *function, harena *arena) {
  pthread_join(start(function, arena), NULL);
}

/* ---- Overlapping ---- */

/* The disturbed call never ends: its place is known, and no more of its stack. */
static void visit_from_cleanup(void *context) { have_visit(visit, context); }

static void do_nothing(void *context) { (void)context; }

static void overlapping_with_cleanup(const struct trial *trial) {
  harena *arena = open_request();
  bool deferred = harena_defer(arena, trial->bug ? visit_from_cleanup : do_nothing, arena);
  (void)deferred;
  finish_request(arena);
  have_visit(visit, arena);
  conclude(arena);
}

/* A call on the child while the parent is in one. */
static void overlapping_in_family(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  bool deferred = harena_defer(child, trial->bug ? visit_from_cleanup : do_nothing, child);
  (void)deferred;
  if (!trial->bug) {
    have_visit(visit, child);
  }
  finish_session(session);
  conclude(session);
}

/* The disturbed call goes on, and at its end gives its whole stack. */
typedef struct slow_source {
  harena *arena;
  pthread_t visitor;
  bool visited;
} slow_source;

static void *acquire_slowly(void *context, size_t *size, size_t align) {
  slow_source *it = context;
  if (it->arena && !it->visited) {
    it->visited = true;
    it->visitor = start(visit, it->arena);
    thrd_sleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
  }
  return align <= _Alignof(max_align_t) ? malloc(*size) : NULL;
}

static void release_slowly(void *context, void *chunk, size_t size) {
  (void)context;
  (void)size;
  free(chunk);
}

static void overlapping_with_source(const struct trial *trial) {
  slow_source it = {.arena = NULL};
  harena_source source = {acquire_slowly, release_slowly, &it};
  harena_options options = {.name = "request", .source = &source};
  harena *arena = harena_open(&options);
  it.arena = trial->bug ? arena : NULL;
  allocate_block(arena, (size_t)1 << 16);
  if (trial->bug) {
    pthread_join(it.visitor, NULL);
  } else {
    have_visit(visit, arena);
  }
  conclude(arena);
}

static void overlapping_calls(const struct trial *trial) {
  if (trial_is(trial, "cleanup-that-waits")) {
    overlapping_with_cleanup(trial);
  } else if (trial_is(trial, "slow-source")) {
    overlapping_with_source(trial);
  } else if (trial_is(trial, "child")) {
    overlapping_in_family(trial);
  } else {
    trial_unknown(trial);
  }
}

/* ---- Without a hand-over ---- */

static void used_by_other_thread(const struct trial *trial) {
  harena *arena = open_request();
  if (!trial->bug) {
    harena_hand_over(arena);
  }
  have_visit(visit, arena);
  conclude(arena);
}

/* A child goes with its family. */
static void child_used_by_other_thread(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  if (!trial->bug) {
    harena_hand_over(session);
  }
  have_visit(visit, child);
  conclude(session);
}

static void used_after_hand_over(const struct trial *trial) {
  harena *arena = open_request();
  if (trial->bug) {
    harena_hand_over(arena);
    have_visit(keep, arena);
  }
  use_here(arena);
  conclude(arena);
}

static void wrong_thread(const struct trial *trial) {
  if (trial_is(trial, "alloc")) {
    used_by_other_thread(trial);
  } else if (trial_is(trial, "child")) {
    child_used_by_other_thread(trial);
  } else if (trial_is(trial, "after-hand-over")) {
    used_after_hand_over(trial);
  } else {
    trial_unknown(trial);
  }
}

/* ---- threads=off ---- */

static void never_asked(const struct trial *trial) {
  harena *arena = open_request();
  bool deferred = harena_defer(arena, trial->bug ? visit_from_cleanup : do_nothing, arena);
  (void)deferred;
  finish_request(arena);
  conclude(arena);
}

const detection_case thread_cases[] = {
    {"overlapping-calls", overlapping_calls},
    {"wrong-thread", wrong_thread},
    {"never-asked", never_asked},
    {NULL, NULL},
};
