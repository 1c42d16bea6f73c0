/* Faults without a tool, as the library reports them in a signal handler. HARENA_OPTIONS, which are
 * read before main(), are guard=exact, and perhaps a format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/child.h"

/* ---- Who stands for a finding --------------------------------------------------------------- */

/* The library is called by a function that the compiler may have left in it (at -O0). */
__attribute__((noinline)) static char *parse_user(harena *arena) {
  char *block = harena_alloc(arena, 100000, 8);
  HARENA_KEEP_FRAME();
  return block;
}

__attribute__((noinline)) static char *parse_item(harena *arena) {
  char *block = harena_alloc(arena, 100000, 8);
  HARENA_KEEP_FRAME();
  return block;
}

/* cmocka handles the signal, too; the library asks for its handler when the first arena opens. */
static void use_after_clear(char *(*parse)(harena *arena)) {
  signal(SIGSEGV, SIG_DFL);
  harena *arena = harena_open(&(harena_options){.name = "r"});
  volatile char *block = parse(arena);
  harena_clear(arena);
  putchar(block[50000]);
}

static void use_user(void) { use_after_clear(parse_user); }

static void use_item(void) { use_after_clear(parse_item); }

/* The line that begins so. */
static void take_line(char *out, size_t size, const char *text, const char *start) {
  const char *line = strstr(text, start);
  assert_non_null(line);
  snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
}

static void take_signature(char *out, size_t size, void (*body)(void)) {
  const struct child *child = run_in_child("", body);
  assert_int_equal(child->signal, SIGSEGV);
  assert_null(strstr(child->output, "libharena"));
  take_line(out, size, child->output, "HARENA-SIGNATURE");
}

static void the_programs_own_function_stands_for_a_finding(void **state) {
  (void)state;
  if (strstr(getenv("HARENA_OPTIONS"), "format")) { /* they are all made from one report */
    skip();
  }
  char user[256], again[256], item[256];
  take_signature(user, sizeof user, use_user);
  take_signature(again, sizeof again, use_user);
  take_signature(item, sizeof item, use_item);
  assert_string_equal(user, again);
  assert_string_not_equal(user, item);
}

/* ---- Small stacks --------------------------------------------------------------------------- */

/* What the kernel takes for a handler, and the least that it is left. */
static size_t size_for(size_t room) {
#ifdef _SC_MINSIGSTKSZ
  return (size_t)sysconf(_SC_MINSIGSTKSZ) + room;
#else
  return 6144 + room;
#endif
}

/* Behind pages that nobody may touch. */
static void handle_signals_on(size_t size) {
  enum { HALF = 1 << 20 };
  char *pages = mmap(NULL, 2 * HALF, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(pages != MAP_FAILED);
  assert_int_equal(mprotect(pages + HALF, HALF, PROT_READ | PROT_WRITE), 0);
  stack_t stack = {.ss_sp = pages + HALF, .ss_size = size};
  assert_int_equal(sigaltstack(&stack, NULL), 0);
}

static void fault_on_a_small_stack(void) {
  handle_signals_on(size_for(2048));
  use_user();
}

static void a_small_stack_is_enough_for_a_report(void **state) {
  (void)state;
  const struct child *child = run_in_child("", fault_on_a_small_stack);
  assert_int_equal(child->signal, SIGSEGV);
  assert_non_null(strstr(child->output, "use-after-clear"));
}

static sigjmp_buf behind_the_fault;
static char *volatile handlers_frame;

static void jump(int number) {
  (void)number;
  handlers_frame = __builtin_frame_address(0);
  siglongjmp(behind_the_fault, 1);
}

/* Its first jump goes through the dynamic linker, which wants room. */
static void survive_on_a_small_stack(void) {
  handle_signals_on(size_for(6144));
  struct sigaction action = {.sa_handler = jump, .sa_flags = SA_ONSTACK};
  sigaction(SIGSEGV, &action, NULL);
  harena *arena = harena_open(NULL);
  volatile char *block = parse_item(arena);
  harena_close(arena);
  if (sigsetjmp(behind_the_fault, 1) == 0) {
    putchar(block[50000]);
  }
  stack_t stack;
  sigset_t mask;
  sigaltstack(NULL, &stack);
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  bool is_there = (size_t)(handlers_frame - (char *)stack.ss_sp) < size_for(6144);
  printf("%d %d", is_there, sigismember(&mask, SIGUSR1));
}

static void the_programs_handler_runs_where_it_would(void **state) {
  (void)state;
  const struct child *child = run_in_child("", survive_on_a_small_stack);
  assert_string_equal(child->printed, "1 0");
  assert_int_equal(child->exit_code, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_small_stack_is_enough_for_a_report),
      cmocka_unit_test(the_programs_handler_runs_where_it_would),
      cmocka_unit_test(the_programs_own_function_stands_for_a_finding),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
