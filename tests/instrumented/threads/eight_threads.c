/* Eight threads, an arena each, that are handed round under a mutex; and findings that two threads
 * have at once. Under ThreadSanitizer nothing in the watcher may race. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 200, BLOCKS = 20 };

const char *harena_default_options(void) { return "halt_on_error=0:threads=owner"; }

static void run_all(void *(*body)(void *context), void *contexts[THREADS]) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, body, contexts[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_join(threads[i], NULL), 0);
  }
}

static void use(harena *arena) {
  harena_mark mark = harena_save(arena);
  for (size_t i = 1; i <= BLOCKS; i++) {
    char *block = harena_alloc(arena, i * 8, 8);
    if (block) {
      memset(block, 1, i * 8);
    }
  }
  harena_rewind(arena, mark);
}

/* ---- An arena each ---- */

static void *live_alone(void *context) {
  harena *arena = harena_open(NULL);
  for (int i = 0; i < ROUNDS; i++) {
    use(arena);
    harena_clear(arena);
  }
  harena_check(arena);
  harena_close(arena);
  return context;
}

static void an_arena_each(void **state) {
  (void)state;
  run_all(live_alone, (void *[THREADS]){NULL});
  assert_int_equal(harena_findings(), 0);
}

/* ---- Handed round ---- */

typedef struct desk {
  pthread_mutex_t mutex;
  harena *arenas[THREADS]; /* NULL: somebody has it */
} desk;

static harena *take(desk *it, int turn) {
  pthread_mutex_lock(&it->mutex);
  int place = turn % THREADS;
  while (!it->arenas[place]) {
    place = (place + 1) % THREADS;
  }
  harena *arena = it->arenas[place];
  it->arenas[place] = NULL;
  pthread_mutex_unlock(&it->mutex);
  return arena;
}

static void give(desk *it, harena *arena) {
  harena_hand_over(arena);
  pthread_mutex_lock(&it->mutex);
  int place = 0;
  while (it->arenas[place]) {
    place++;
  }
  it->arenas[place] = arena;
  pthread_mutex_unlock(&it->mutex);
}

static void *pass_round(void *context) {
  for (int i = 0; i < ROUNDS; i++) {
    harena *arena = take(context, i);
    use(arena);
    give(context, arena);
  }
  return NULL;
}

static void handed_round(void **state) {
  (void)state;
  desk it = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  void *contexts[THREADS];
  for (int i = 0; i < THREADS; i++) {
    it.arenas[i] = harena_open(NULL);
    harena_hand_over(it.arenas[i]);
    contexts[i] = &it;
  }
  run_all(pass_round, contexts);
  for (int i = 0; i < THREADS; i++) {
    harena_close(it.arenas[i]);
  }
  assert_int_equal(harena_findings(), 0);
}

/* ---- Findings at once ---- */

static atomic_size_t reports;

static void count_report(const char *text, void *context) {
  (void)context;
  if (strstr(text, "double-free") && strstr(text, "HARENA-SIGNATURE\tdouble-free\t")) {
    atomic_fetch_add(&reports, 1);
  }
}

static void *free_twice(void *context) {
  harena *arena = harena_open(NULL);
  for (int i = 0; i < BLOCKS; i++) {
    void *block = harena_alloc(arena, 24, 8);
    harena_free(arena, block, 24);
    harena_free(arena, block, 24);
  }
  harena_close(arena);
  return context;
}

static void findings_at_once(void **state) {
  (void)state;
  size_t before = harena_findings();
  harena_set_report_callback(count_report, NULL);
  run_all(free_twice, (void *[THREADS]){NULL});
  harena_set_report_callback(NULL, NULL);
  assert_int_equal(harena_findings() - before, THREADS * BLOCKS);
  assert_int_equal(atomic_load(&reports), THREADS * BLOCKS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_arena_each),
      cmocka_unit_test(handed_round),
      cmocka_unit_test(findings_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
