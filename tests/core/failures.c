/* What a failed call leaves behind: status, errno, panics. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core_test.h"

static void the_status_is_of_the_last_failure(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  assert_int_equal(harena_last_status(arena), HARENA_OK);
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 200, 8));
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, 8, opaque(5)));
  assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, opaque(SIZE_MAX), 8));
  harena_close(arena);
}

static void success_does_not_change_it(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 2000, 8));
  char *block = filled_block(arena, 8, 1);
  assert_non_null(harena_alloc(arena, 8, opaque(64)));
  assert_non_null(harena_realloc(arena, block, 8, 100, 8));
  assert_true(harena_set_limit(arena, 900));
  assert_non_null(harena_save(arena).arena);
  harena_trim(arena);
  assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
  harena_close(arena);
}

static void clear_sets_it_to_ok(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 200, 8));
  harena_clear(arena);
  assert_int_equal(harena_last_status(arena), HARENA_OK);
  harena_close(arena);
}

static void success_leaves_errno(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  errno = EXDEV;
  for (size_t size = 1; size < 1000; size++) {
    assert_non_null(harena_alloc(arena, size, 8));
    assert_non_null(harena_alloc_zeroed(arena, size, 32));
  }
  harena_clear(arena);
  assert_int_equal(errno, EXDEV);
  harena_close(arena);
}

static void each_status_has_words(void **state) {
  (void)state;
  assert_string_equal(harena_status_string(HARENA_OK), "ok");
  assert_string_equal(harena_status_string(HARENA_NO_MEMORY), "no memory");
  assert_string_equal(harena_status_string(HARENA_LIMIT), "over the limit");
  assert_string_equal(harena_status_string(HARENA_INVALID), "invalid argument");
  assert_string_equal(harena_status_string((harena_status)opaque(4)), "unknown");
  assert_string_equal(harena_status_string((harena_status)opaque(1000)), "unknown");
}

/* ---- HARENA_ABORT_ON_FAILURE ---- */

static harena *open_aborting(size_t limit) {
  harena_options options = {.name = "strict", .limit = limit, .flags = HARENA_ABORT_ON_FAILURE};
  harena *arena = harena_open(&options);
  assert_non_null(arena);
  return arena;
}

#define assert_aborts(arena, text, call)                                  \
  do {                                                                    \
    harena_metrics before_panic = harena_measure(arena);                  \
    assert_panics(text, (void)!(call));                                   \
    assert_non_null(strstr(panic_message(), "\"strict\""));               \
    harena_metrics after_panic = harena_measure(arena);                   \
    assert_memory_equal(&before_panic, &after_panic, sizeof after_panic); \
  } while (0)

static void every_limit_panics(void **state) {
  (void)state;
  harena *arena = open_aborting(64);
  char *block = filled_block(arena, 50, 1);
  size_t size = 0;
  assert_aborts(arena, "over the limit", harena_alloc(arena, 9, 8));
  assert_aborts(arena, "over the limit", harena_alloc_zeroed(arena, 9, 8));
  assert_aborts(arena, "over the limit", harena_alloc_array(arena, 9, 8, 8));
  assert_aborts(arena, "over the limit", harena_alloc_array_zeroed(arena, 9, 8, 8));
  assert_aborts(arena, "over the limit", harena_alloc_between(arena, 9, 20, 8, &size));
  assert_aborts(arena, "over the limit", harena_realloc(arena, block, 50, 100, 8));
  assert_aborts(arena, "over the limit", harena_dup(arena, "0123456789", 10, 8));
  assert_aborts(arena, "over the limit", harena_strdup(arena, "0123456789"));
  assert_aborts(arena, "over the limit", harena_strndup(arena, "0123456789", 9));
  assert_aborts(arena, "over the limit", harena_printf(arena, "0123456789"));
  assert_aborts(arena, "over the limit", harena_defer(arena, free, NULL));
  assert_filled(block, 50, 1);
  assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
  harena_close(arena);
}

static void every_shortage_panics(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 64];
  harena_options options = {.name = "strict", .flags = HARENA_ABORT_ON_FAILURE};
  harena *arena = harena_open_in(buffer, sizeof buffer, &options);
  char *block = filled_block(arena, 50, 1);
  size_t size = 0;
  assert_aborts(arena, "no memory", harena_alloc(arena, 9, 8));
  assert_aborts(arena, "no memory", harena_alloc(arena, opaque(SIZE_MAX), 8));
  assert_aborts(arena, "no memory", harena_alloc_zeroed(arena, 9, 8));
  assert_aborts(arena, "no memory", harena_alloc_between(arena, 9, 20, 8, &size));
  assert_aborts(arena, "no memory", harena_realloc(arena, block, 50, 100, 8));
  assert_aborts(arena, "no memory", harena_strdup(arena, "0123456789"));
  assert_aborts(arena, "no memory", harena_defer(arena, free, NULL));
  assert_filled(block, 50, 1);
  harena_close(arena);
}

static void every_invalid_argument_panics(void **state) {
  (void)state;
  harena *arena = open_aborting(0);
  char *block = filled_block(arena, 50, 1);
  size_t size = 0;
  assert_aborts(arena, "invalid argument", harena_alloc(arena, 9, opaque(0)));
  assert_aborts(arena, "invalid argument", harena_alloc_zeroed(arena, 9, opaque(12)));
  assert_aborts(arena, "invalid argument", harena_alloc_between(arena, 9, 8, 8, &size));
  assert_aborts(arena, "invalid argument", harena_realloc(arena, block, 50, 100, opaque(3)));
  assert_aborts(arena, "invalid argument", harena_realloc(arena, NULL, 50, 100, 8));
  assert_aborts(arena, "invalid argument", harena_set_limit(arena, 8));
  harena_close(arena);
}

/* Eight marks need no memory, the ninth does. */
static void a_mark_without_memory_panics(void **state) {
  (void)state;
  harena *arena = open_aborting(64);
  for (int i = 0; i < 8; i++) {
    assert_non_null(harena_save(arena).arena);
    filled_block(arena, 8, 1);
  }
  assert_aborts(arena, "over the limit", harena_save(arena).arena != NULL);
  harena_close(arena);
}

static void a_failed_open_panics(void **state) {
  (void)state;
  harena_options options = {.name = "strict", .flags = HARENA_ABORT_ON_FAILURE};
  assert_panics("invalid argument", (void)!harena_open_in(NULL, 0, &options));
  assert_non_null(strstr(panic_message(), "\"strict\""));
  options.initial_capacity = MORE_THAN_THERE_IS;
  assert_panics("no memory", (void)!harena_open(&options));
  assert_non_null(strstr(panic_message(), "\"strict\""));
  harena *parent = harena_open(&(harena_options){.limit = 100});
  options = (harena_options){.parent = parent, .flags = HARENA_ABORT_ON_FAILURE};
  assert_panics("over the limit", (void)!harena_open(&options));
  assert_non_null(strstr(panic_message(), "\"unnamed\""));
  assert_int_equal(used(parent), 0);
  harena_close(parent);
}

static void the_message_names_the_size(void **state) {
  (void)state;
  harena *arena = open_aborting(100);
  assert_panics("12345", (void)!harena_alloc(arena, 12345, 8));
  harena_close(arena);
}

/* The other arenas of the program have made no such promise. */
static void the_flag_is_the_arenas_own(void **state) {
  (void)state;
  harena *strict = open_aborting(1 << 20);
  harena *child = harena_open(&(harena_options){.parent = strict});
  assert_refused(child, HARENA_LIMIT, harena_alloc(child, 2 << 20, 8));
  assert_int_equal(harena_last_status(strict), HARENA_OK);
  harena_close(strict);
}

/* ---- The panic handler ---- */

static void quiet(const char *message) { (void)message; }

static void a_handler_is_installed_and_put_back(void **state) {
  (void)state;
  harena_panic_handler *before = harena_set_panic_handler(quiet);
  assert_non_null(before);
  assert_ptr_equal(harena_set_panic_handler(NULL), quiet);
  assert_ptr_equal(harena_set_panic_handler(before), before);
}

typedef struct death {
  int status;
  char text[4096];
} death;

static void run_child(void (*run)(void), int out) {
  static const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  dup2(out, STDERR_FILENO);
  run();
  _exit(0);
}

static death die_in_child(void (*run)(void)) {
  death how = {0};
  int pipe_ends[2];
  assert_int_equal(pipe(pipe_ends), 0);
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    run_child(run, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  size_t length = 0;
  ssize_t got = 0;
  while ((got = read(pipe_ends[0], how.text + length, sizeof how.text - 1 - length)) > 0) {
    length += (size_t)got;
  }
  close(pipe_ends[0]);
  assert_int_equal(waitpid(child, &how.status, 0), child);
  return how;
}

static void assert_aborted(const death *how) {
  assert_true(WIFSIGNALED(how->status));
  assert_int_equal(WTERMSIG(how->status), SIGABRT);
}

static void fail_with_default_handler(void) {
  harena *arena = open_aborting(64);
  (void)!harena_alloc(arena, 100, 8);
}

static void the_default_writes_to_stderr_and_aborts(void **state) {
  (void)state;
  death how = die_in_child(fail_with_default_handler);
  assert_aborted(&how);
  assert_non_null(strstr(how.text, "harena: over the limit"));
  assert_non_null(strstr(how.text, "\"strict\""));
}

static void fail_with_default_put_back(void) {
  harena_set_panic_handler(quiet);
  harena_set_panic_handler(NULL);
  fail_with_default_handler();
}

static void null_puts_the_default_back(void **state) {
  (void)state;
  death how = die_in_child(fail_with_default_put_back);
  assert_aborted(&how);
  assert_non_null(strstr(how.text, "harena: over the limit"));
}

static void fail_with_a_handler_that_returns(void) {
  harena_set_panic_handler(quiet);
  fail_with_default_handler();
}

static void a_handler_that_returns_aborts(void **state) {
  (void)state;
  death how = die_in_child(fail_with_a_handler_that_returns);
  assert_aborted(&how);
  assert_null(strstr(how.text, "harena:"));
}

/* The instrumented build ends the program with its own report, release with the panic. */
static void rewind_to_nowhere(void) { harena_rewind(harena_open(NULL), (harena_mark){0}); }

static void misuse_ends_the_program(void **state) {
  (void)state;
  death how = die_in_child(rewind_to_nowhere);
  assert_true(harena_instrumented() || WIFSIGNALED(how.status));
  assert_true(WIFSIGNALED(how.status) || WEXITSTATUS(how.status) != 0);
  assert_non_null(strstr(how.text, "mark"));
}

static void a_handler_may_jump_out_of_every_misuse(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref stale = harena_ref_to(arena, filled_block(arena, 8, 1));
  harena_clear(arena);
  for (int i = 0; i < 100; i++) {
    assert_panics("stale reference", (void)harena_deref(arena, stale));
    assert_panics("null reference", (void)harena_deref(arena, (harena_ref){0}));
    assert_panics("dead mark", harena_rewind(arena, (harena_mark){0}));
    filled_block(arena, 8, 1);
  }
  assert_int_equal(used(arena), 800);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_status_is_of_the_last_failure),
      cmocka_unit_test(success_does_not_change_it),
      cmocka_unit_test(clear_sets_it_to_ok),
      cmocka_unit_test(success_leaves_errno),
      cmocka_unit_test(each_status_has_words),
      cmocka_unit_test(every_limit_panics),
      cmocka_unit_test(every_shortage_panics),
      cmocka_unit_test(every_invalid_argument_panics),
      cmocka_unit_test(a_mark_without_memory_panics),
      cmocka_unit_test(a_failed_open_panics),
      cmocka_unit_test(the_message_names_the_size),
      cmocka_unit_test(the_flag_is_the_arenas_own),
      cmocka_unit_test(a_handler_is_installed_and_put_back),
      cmocka_unit_test(the_default_writes_to_stderr_and_aborts),
      cmocka_unit_test(null_puts_the_default_back),
      cmocka_unit_test(a_handler_that_returns_aborts),
      cmocka_unit_test(misuse_ends_the_program),
      cmocka_unit_test(a_handler_may_jump_out_of_every_misuse),
  };
  return cmocka_run_group_tests_name("failures", tests, NULL, NULL);
}
