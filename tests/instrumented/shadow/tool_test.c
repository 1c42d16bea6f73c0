/* Which tool is picked, what it says, and what faults lead to. Each in a process of its own. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cage.h"
#include "canary.h"
#include "guard_pages.h"
#include "shadow/shadow.h"
#include "surroundings.h"

/* In the order of the option's choices. */
enum { AUTO, ASAN, MSAN, MEMCHECK, GUARD };

static char text[1 << 16];

static char *take(size_t size) {
  char *chunk = harena__cage_source.acquire(NULL, &size, 16);
  require(chunk != NULL);
  return chunk;
}

static char *take_and_retire(void) {
  char *chunk = take(HARENA__SLAB_SIZE);
  harena__cage_source.release(NULL, chunk, HARENA__SLAB_SIZE);
  return chunk;
}

static void skip_with_tool(void) {
  if (!is_plain()) {
    skip();
  }
}

static void assert_says(const char *words) {
  if (!strstr(text, words)) {
    fail_msg("\"%s\" is not in:\n%s", words, text);
  }
}

static void assert_says_not(const char *words) {
  if (strstr(text, words)) {
    fail_msg("\"%s\" is in:\n%s", words, text);
  }
}

/* ---- The pick ---- */

static const char *tool_here(void) {
  if (harena__shadow_asan.is_present()) {
    return "asan";
  }
  if (harena__shadow_msan.is_present()) {
    return "msan";
  }
  return harena__shadow_memcheck.is_present() ? "memcheck" : "guard";
}

static void pick_automatically(void) {
  require(strcmp(harena__tool()->name, tool_here()) == 0);
  require(harena__tool() == harena__tool());
}

static void pick_guard(void) {
  surrounding_options.shadow = GUARD;
  require(strcmp(harena__tool()->name, "guard") == 0);
  require(harena__tool()->may_protect == !harena__on_valgrind());
}

static void test_picks_what_is_there(void **state) {
  (void)state;
  assert_int_equal(in_child_captured(pick_automatically, text, sizeof text), 0);
  assert_string_equal(text, "");
}

static void test_guard_can_be_forced(void **state) {
  (void)state;
  assert_int_equal(in_child_captured(pick_guard, text, sizeof text), 0);
  assert_string_equal(text, "");
}

static void pick_asan(void) {
  surrounding_options.shadow = ASAN;
  harena__tool();
}

static void pick_memcheck(void) {
  surrounding_options.shadow = MEMCHECK;
  harena__tool();
}

static void assert_pick(void (*pick)(void), const char *name) {
  assert_int_equal(in_child_captured(pick, text, sizeof text), 0);
  if (strcmp(tool_here(), name) == 0) {
    assert_string_equal(text, "");
  } else {
    char words[128];
    snprintf(words, sizeof words, "shadow=%s in HARENA_OPTIONS", name);
    assert_says(words);
    snprintf(words, sizeof words, "using %s", tool_here());
    assert_says(words);
  }
}

static void test_others_can_be_forced_where_they_are(void **state) {
  (void)state;
  assert_pick(pick_asan, "asan");
  assert_pick(pick_memcheck, "memcheck");
}

/* ---- AddressSanitizer's report ---- */

static void read_retired(void) { read_byte(take_and_retire() + 4000); }

static void write_poisoned(void) {
  char *chunk = take(4096);
  harena__tool()->poison(chunk + 64, 64);
  write_byte(chunk + 70, 1);
}

static void read_heap(void) {
  char *volatile heap = malloc(8);
  harena__tool();
  free(heap);
  read_byte(heap);
}

static void test_asan_explains(void **state) {
  (void)state;
  if (strcmp(tool_here(), "asan") != 0) {
    skip();
  }
  int status = in_child_captured(read_retired, text, sizeof text);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
  assert_says("use-after-poison");
  assert_says("explained: read of 1 at 0x");
  in_child_captured(write_poisoned, text, sizeof text);
  assert_says("use-after-poison");
  assert_says("explained: write of 1 at 0x");
  in_child_captured(read_heap, text, sizeof text);
  assert_says("heap-use-after-free");
}

/* ---- Faults ---- */

static bool died_of(int status, int signal) {
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

static void write_retired(void) { write_byte(take_and_retire() + 5000, 1); }

static void assert_explained(void (*body)(void), const char *words) {
  int status = in_child_captured(body, text, sizeof text);
  assert_says(words);
  assert_says("in a handler");
  assert_true(died_of(status, SIGSEGV));
}

static void test_faults_are_explained(void **state) {
  (void)state;
  skip_with_tool();
  assert_explained(read_retired, "explained: read of 1");
  assert_explained(write_retired, "explained: write of 1");
}

static void read_apart(void) {
  harena__cage_limit(16 << 20);
  size_t size = (size_t)64 << 20;
  char *chunk = harena__cage_source.acquire(NULL, &size, 16);
  require(!harena__cage_holds(chunk));
  harena__cage_source.release(NULL, chunk, size);
  read_byte(chunk);
}

/* What dead memory is filled with leads there. */
static void follow_dead_word(void) {
  char *chunk = take(4096);
  harena__fill_dead(chunk, 64, 7);
  read_byte(*(char **)(void *)(chunk + 8));
}

static void test_faults_in_the_tomb_are_explained(void **state) {
  (void)state;
  skip_with_tool();
  assert_explained(follow_dead_word, "explained: read of 1");
}

static void test_faults_apart_are_explained(void **state) {
  (void)state;
  skip_with_tool();
  assert_explained(read_apart, "explained: read of 1");
}

static void read_null(void) {
  take(4096);
  read_byte((char *)(uintptr_t)8);
}

static void send_signal(void) {
  take(4096);
  raise(SIGSEGV);
  _exit(3);
}

static void ignore_signal(void) {
  signal(SIGSEGV, SIG_IGN);
  take(4096);
  raise(SIGSEGV);
}

static void test_other_faults_go_on(void **state) {
  (void)state;
  skip_with_tool();
  assert_true(died_of(in_child_captured(read_null, text, sizeof text), SIGSEGV));
  assert_string_equal(text, "");
  assert_true(died_of(in_child_captured(send_signal, text, sizeof text), SIGSEGV));
  assert_string_equal(text, "");
  assert_int_equal(in_child_captured(ignore_signal, text, sizeof text), 0);
}

/* A program's own protected page, as a garbage collector has them. */
static void read_protected(void) {
  take(4096);
  char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  read_byte(page);
}

static void test_foreign_pages_are_not_explained(void **state) {
  (void)state;
  skip_with_tool();
  assert_true(died_of(in_child_captured(read_protected, text, sizeof text), SIGSEGV));
  assert_string_equal(text, "");
}

static void previous_handler(int number, siginfo_t *information, void *context) {
  char line[64];
  (void)context;
  int length = snprintf(line, sizeof line, "previous: %d at %p\n", number, information->si_addr);
  ssize_t written = write(STDERR_FILENO, line, (size_t)length);
  _exit(written == length ? 42 : 1);
}

static void set_previous(void) {
  struct sigaction action = {.sa_sigaction = previous_handler, .sa_flags = SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, NULL);
}

static void read_null_with_previous(void) {
  set_previous();
  read_null();
}

static void read_retired_with_previous(void) {
  set_previous();
  read_retired();
}

static bool ended_with(int status, int code) {
  return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

static void test_previous_handler_is_called(void **state) {
  (void)state;
  skip_with_tool();
  assert_true(ended_with(in_child_captured(read_null_with_previous, text, sizeof text), 42));
  assert_says("previous: 11 at 0x8");
  assert_says_not("explained");
  assert_true(ended_with(in_child_captured(read_retired_with_previous, text, sizeof text), 42));
  assert_says("explained");
  assert_says("previous: 11 at 0x");
}

static sigjmp_buf after_fault;

static void jump_out(int number) {
  (void)number;
  siglongjmp(after_fault, 1);
}

/* A program that probes memory: every fault reaches its handler, ours stays in place. */
static void probe(void) {
  signal(SIGSEGV, jump_out);
  take(4096);
  volatile int faults = 0;
  for (volatile int i = 0; i < 3; i++) {
    if (sigsetjmp(after_fault, 1) == 0) {
      read_byte((char *)(uintptr_t)8);
    } else {
      faults++;
    }
  }
  require(faults == 3);
  signal(SIGSEGV, SIG_DFL);
}

static void test_probing_programs_go_on(void **state) {
  (void)state;
  skip_with_tool();
  assert_int_equal(in_child_captured(probe, text, sizeof text), 0);
  assert_string_equal(text, "");
}

/* ---- Pages that are taken ---- */

static void take_pages(void) {
  char *chunk = take(64 << 10);
  memset(chunk, 1, 64 << 10);
  harena__take_pages(chunk + 100, chunk + 5 * 4096 + 100);
  require(chunk[100] == 1 && chunk[4095] == 1);
  require(chunk[5 * 4096] == 1 && chunk[(64 << 10) - 1] == 1);
  read_byte(chunk + 5 * 4096 - 1);
}

static void test_taken_pages_fault(void **state) {
  (void)state;
  skip_with_tool();
  assert_explained(take_pages, "explained: read of 1");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_picks_what_is_there),
      cmocka_unit_test(test_guard_can_be_forced),
      cmocka_unit_test(test_others_can_be_forced_where_they_are),
      cmocka_unit_test(test_asan_explains),
      cmocka_unit_test(test_faults_are_explained),
      cmocka_unit_test(test_faults_in_the_tomb_are_explained),
      cmocka_unit_test(test_faults_apart_are_explained),
      cmocka_unit_test(test_other_faults_go_on),
      cmocka_unit_test(test_foreign_pages_are_not_explained),
      cmocka_unit_test(test_previous_handler_is_called),
      cmocka_unit_test(test_probing_programs_go_on),
      cmocka_unit_test(test_taken_pages_fault),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
