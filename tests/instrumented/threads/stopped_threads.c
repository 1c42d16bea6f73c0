/* stop_threads=1: what a thread that runs has on its stack and in its registers is seen, and the
 * thread goes on. With the argument "off" the option is off, and nothing of it is seen. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <harena.h>

static bool is_on = true;

/* ---- A thread that never enters the system ---- */

typedef struct runner {
  pthread_t thread;
  void (*spin)(struct runner *it);
  char *_Atomic pointer; /* hidden: inverted */
  atomic_bool runs;
  atomic_bool ends;
  _Atomic uint64_t turns;
} runner;

static bool goes_on(runner *it) {
  atomic_store(&it->runs, true);
  atomic_fetch_add(&it->turns, 1);
  return !atomic_load(&it->ends);
}

static char *take(runner *it) { return (char *)~(uintptr_t)atomic_exchange(&it->pointer, NULL); }

static void spin_with_variable(runner *it) {
  char *volatile kept = take(it);
  while (goes_on(it)) {
  }
  kept = NULL;
  (void)kept;
}

static void spin_with_nothing(runner *it) {
  char *volatile kept = take(it);
  kept = NULL;
  while (goes_on(it)) {
  }
  (void)kept;
}

#if defined(__x86_64__)
static void spin_with_register(runner *it) {
  register char *kept __asm__("r12") = take(it);
  while (goes_on(it)) {
    __asm__ volatile("" : "+r"(kept));
  }
}
#else
static void spin_with_register(runner *it) { spin_with_variable(it); }
#endif

static void *run(void *context) {
  runner *it = context;
  it->spin(it);
  return NULL;
}

static void start(runner *it, void (*spin)(runner *it), const char *pointer) {
  it->spin = spin;
  atomic_store(&it->pointer, (char *)~(uintptr_t)pointer);
  assert_int_equal(pthread_create(&it->thread, NULL, run, it), 0);
  while (!atomic_load(&it->runs)) {
  }
}

static void stop(runner *it) {
  atomic_store(&it->ends, true);
  assert_int_equal(pthread_join(it->thread, NULL), 0);
}

/* ---- Asking ---- */

static bool count_threads(const harena_holder *holder, void *context) {
  *(size_t *)context += strcmp(holder->kind, "thread") == 0;
  return true;
}

static size_t threads_that_hold(const harena *arena) {
  size_t count = 0;
  harena_find_holders(arena, count_threads, &count);
  return count;
}

static void hold_in(void (*spin)(runner *it), bool is_seen) {
  harena *arena = harena_open(NULL);
  runner it = {0};
  start(&it, spin, harena_alloc(arena, 24, 8));
  assert_int_equal(threads_that_hold(arena) > 0, is_seen);
  uint64_t turns = atomic_load(&it.turns);
  while (atomic_load(&it.turns) == turns) {
  }
  stop(&it);
  harena_close(arena);
}

static void a_variable_is_seen(void **state) {
  (void)state;
  hold_in(spin_with_variable, is_on);
}

static void a_register_is_seen(void **state) {
  (void)state;
  hold_in(spin_with_register, is_on);
}

static void what_is_gone_is_not(void **state) {
  (void)state;
  hold_in(spin_with_nothing, false);
}

/* It does not answer, and nobody waits for it for ever. */
static void spin_deaf(runner *it) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  spin_with_variable(it);
}

static void a_thread_that_blocks_signals_is_left_out(void **state) {
  (void)state;
  hold_in(spin_deaf, false);
}

int main(int count, char **arguments) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_variable_is_seen),
      cmocka_unit_test(a_register_is_seen),
      cmocka_unit_test(what_is_gone_is_not),
      cmocka_unit_test(a_thread_that_blocks_signals_is_left_out),
  };
  is_on = !(count == 2 && strcmp(arguments[1], "off") == 0);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
