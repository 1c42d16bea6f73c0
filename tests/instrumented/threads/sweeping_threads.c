/* Eight threads that sweep at each end of a generation, while the others' arenas open, fill and go,
 * and the ledger forgets what is old. What is found is not asked here: under ThreadSanitizer
 * nothing in a sweep may be reported, and nowhere may it fault. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <harena.h>

enum { THREADS = 8, ROUNDS = 25, BLOCKS = 40, LARGE = 1500000 };

const char *harena_default_options(void) {
  return "halt_on_error=0:reuse=0:escape=immediate:quarantine=16m:history=64k";
}

static void ignore_report(const char *text, void *context) {
  (void)text;
  (void)context;
}

typedef struct hoard {
  void *blocks[BLOCKS];
} hoard;

/* On the heap, and in another arena, old pointers are kept, so that every sweep has hits. */
static void fill(harena *arena, hoard *on_heap, harena *others) {
  hoard *in_arena = harena_new(others, hoard);
  for (size_t i = 0; i < BLOCKS; i++) {
    on_heap->blocks[i] = harena_alloc(arena, i * 16 + 1, 8);
    in_arena->blocks[i] = on_heap->blocks[i];
  }
  memset(harena_alloc(arena, LARGE, 8), 1, 64);
}

static void *work(void *context) {
  hoard *on_heap = calloc(1, sizeof *on_heap);
  harena *others = harena_open(NULL);
  for (int i = 0; i < ROUNDS; i++) {
    harena *arena = harena_open(NULL);
    fill(arena, on_heap, others);
    harena_clear(arena);
    fill(arena, on_heap, others);
    harena_close(arena);
  }
  harena_close(others);
  free(on_heap);
  return context;
}

static void sweeps_beside_eight_threads(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, work, NULL), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_join(threads[i], NULL), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(sweeps_beside_eight_threads)};
  harena_set_report_callback(ignore_report, NULL);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
