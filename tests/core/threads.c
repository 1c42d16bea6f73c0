/* An arena per thread: nothing is shared but what the library shares for them. */
#include <pthread.h>
#include <stdlib.h>

#include "core_test.h"

enum { THREADS = 4, ROUNDS = 20000 };

typedef struct worker {
  pthread_t thread;
  unsigned number;
  bool done;
  uint64_t epochs[ROUNDS];
} worker;

static worker workers[THREADS];

static uint64_t one_round(harena *arena, unsigned seed) {
  char *first = harena_alloc(arena, 100, 8);
  char *second = harena_alloc(arena, 3000 + seed % 3000, 16);
  if (!first || !second) {
    return 0;
  }
  fill(first, 100, seed);
  uint64_t epoch = harena_ref_to(arena, first).epoch;
  HARENA_SCOPE(arena) {
    if (!harena_printf(arena, "%u", seed)) {
      return 0;
    }
  }
  harena_clear(arena);
  return epoch;
}

/* cmocka's assertions jump, which only the main thread may do: this one only notes that it is
 * done. */
static void *work(void *context) {
  worker *it = context;
  harena *arena = harena_open(NULL);
  for (unsigned i = 0; i < ROUNDS; i++) {
    it->epochs[i] = one_round(arena, it->number + i);
    if (it->epochs[i] == 0) {
      return NULL;
    }
  }
  harena_close(arena);
  it->done = true;
  return NULL;
}

static int compare(const void *a, const void *b) {
  const uint64_t *x = a;
  const uint64_t *y = b;
  return (*x > *y) - (*x < *y);
}

static void run_workers(void *(*run)(void *)) {
  for (unsigned i = 0; i < THREADS; i++) {
    workers[i].number = i;
    workers[i].done = false;
    assert_int_equal(pthread_create(&workers[i].thread, NULL, run, &workers[i]), 0);
  }
  for (unsigned i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    assert_true(workers[i].done);
  }
}

static void an_arena_each_with_epochs_of_their_own(void **state) {
  (void)state;
  static uint64_t epochs[THREADS * ROUNDS];
  run_workers(work);
  for (size_t i = 0; i < THREADS; i++) {
    memcpy(epochs + i * ROUNDS, workers[i].epochs, sizeof workers[i].epochs);
  }
  qsort(epochs, THREADS * ROUNDS, sizeof *epochs, compare);
  for (size_t i = 1; i < THREADS * ROUNDS; i++) {
    assert_true(epochs[i - 1] != epochs[i]);
  }
}

static void *open_and_close(void *context) {
  worker *it = context;
  for (unsigned i = 0; i < 2000; i++) {
    harena *arena = harena_open(NULL);
    if (!arena || !harena_alloc(arena, 10 + i % 5000, 8)) {
      return NULL;
    }
    harena_close(arena);
  }
  it->done = true;
  return NULL;
}

static void opening_and_closing_at_the_same_time(void **state) {
  (void)state;
  run_workers(open_and_close);
}

static void ignore(const char *message) { (void)message; }

static void *swap_handlers(void *context) {
  worker *it = context;
  for (int i = 0; i < 1000; i++) {
    if (!harena_set_panic_handler(ignore)) {
      return NULL;
    }
  }
  it->done = true;
  return NULL;
}

static void handlers_may_be_installed_at_the_same_time(void **state) {
  (void)state;
  harena_panic_handler *before = harena_set_panic_handler(ignore);
  run_workers(swap_handlers);
  assert_ptr_equal(harena_set_panic_handler(before), ignore);
}

static harena *passed_on;

static void *use_and_clear(void *context) {
  worker *it = context;
  it->done = harena_alloc(passed_on, 5000, 8) != NULL;
  harena_clear(passed_on);
  return NULL;
}

/* One at a time: an arena may go from hand to hand. */
static void an_arena_may_move_between_threads(void **state) {
  (void)state;
  passed_on = harena_open(NULL);
  for (unsigned i = 0; i < THREADS; i++) {
    filled_block(passed_on, 100, 1);
    workers[i].done = false;
    assert_int_equal(pthread_create(&workers[i].thread, NULL, use_and_clear, &workers[i]), 0);
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    assert_true(workers[i].done);
    assert_int_equal(used(passed_on), 0);
  }
  harena_close(passed_on);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_arena_each_with_epochs_of_their_own),
      cmocka_unit_test(opening_and_closing_at_the_same_time),
      cmocka_unit_test(handlers_may_be_installed_at_the_same_time),
      cmocka_unit_test(an_arena_may_move_between_threads),
  };
  return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
