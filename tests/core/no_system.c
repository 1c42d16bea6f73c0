/* A fixed arena uses no heap and no system call in release. Each workload runs in a child
 * process that may do nothing but compute: the kernel kills it at any call beyond read, write
 * and exit. */
#include <linux/seccomp.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core_test.h"

static _Alignas(16) char buffer[65536];

static void count(void *context) { ++*(int *)context; }

static bool allocate_in_every_way(harena *arena) {
  size_t size = 0;
  char *block = harena_alloc(arena, 100, 8);
  bool good = block && harena_alloc_zeroed(arena, 100, 64) &&
              harena_alloc_array(arena, 10, 10, 8) &&
              harena_alloc_between(arena, 10, 1000, 8, &size) && harena_strdup(arena, "text") &&
              harena_dup(arena, "abc", 3, 1);
  block = harena_realloc(arena, block, 100, 300, 8);
  harena_free(arena, block, 300);
  return good && block && !harena_alloc(arena, 100000, 8) && !harena_alloc(arena, SIZE_MAX / 4, 8);
}

static bool end_in_every_way(harena *arena) {
  int cleanups = 0;
  harena_mark mark = harena_save(arena);
  bool good = harena_defer(arena, count, &cleanups) && allocate_in_every_way(arena);
  harena_rewind(arena, mark);
  HARENA_SCOPE(arena) { good = good && allocate_in_every_way(arena); }
  harena_trim(arena);
  harena_clear(arena);
  return good && cleanups == 1 && used(arena) == 0;
}

static bool use_a_fixed_arena(void) {
  for (unsigned flags = 0; flags < 16; flags++) {
    harena *arena = harena_open_in(buffer, sizeof buffer, &(harena_options){.flags = flags});
    if (!arena || !end_in_every_way(arena)) {
      return false;
    }
    harena *child = harena_open(&(harena_options){.parent = arena});
    if (!child || !end_in_every_way(child)) {
      return false;
    }
    harena_close(arena);
  }
  return true;
}

static void exit_without_system(bool good) { syscall(SYS_exit, good ? 0 : 1); }

static void compute_only(bool (*run)(void)) {
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) {
    _exit(77);
  }
  exit_without_system(run());
}

static int status_of(bool (*run)(void)) {
  int status = 0;
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    compute_only(run);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

/* There under ThreadSanitizer, whose own thread would outlive the one that may only exit. */
extern void __tsan_init(void) HARENA_ATTRIBUTE(weak);

/* Valgrind makes system calls of its own. */
static bool cannot_forbid_calls(void) {
  const char *preloaded = getenv("LD_PRELOAD");
  bool valgrind = preloaded && strstr(preloaded, "vgpreload");
  return harena_instrumented() || valgrind || __tsan_init;
}

static bool do_nothing(void) { return true; }

/* Some kernels know no seccomp. */
static void skip_unless_calls_can_be_forbidden(void) {
  if (cannot_forbid_calls()) {
    skip();
  }
  int status = status_of(do_nothing);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    skip();
  }
}

static void a_fixed_arena_makes_no_system_call(void **state) {
  (void)state;
  skip_unless_calls_can_be_forbidden();
  int status = status_of(use_a_fixed_arena);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

static bool use_the_system(void) {
  harena *arena = harena_open(&(harena_options){.initial_capacity = 64 << 20});
  return arena != NULL;
}

/* So that the test above is known to be able to fail. */
static void a_growing_arena_makes_some(void **state) {
  (void)state;
  skip_unless_calls_can_be_forbidden();
  int status = status_of(use_the_system);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), 9);
}

/* The heap's own count; tools that replace the heap show 0 both times. */
static void a_fixed_arena_takes_nothing_from_the_heap(void **state) {
  (void)state;
  if (harena_instrumented()) {
    skip();
  }
  struct mallinfo2 before = mallinfo2();
  assert_true(use_a_fixed_arena());
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  assert_true(end_in_every_way(arena));
  struct mallinfo2 during = mallinfo2();
  assert_int_equal(before.uordblks, during.uordblks);
  assert_int_equal(before.hblks, during.hblks);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fixed_arena_makes_no_system_call),
      cmocka_unit_test(a_growing_arena_makes_some),
      cmocka_unit_test(a_fixed_arena_takes_nothing_from_the_heap),
  };
  return cmocka_run_group_tests_name("no_system", tests, NULL, NULL);
}
