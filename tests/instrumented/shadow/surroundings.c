#include "surroundings.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger.h"
#include "shadow/shadow.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- Options ---- */

harena__options surrounding_options;

const harena__options *_Atomic harena__known_options = &surrounding_options;

const harena__options *harena__read_options(void) { return &surrounding_options; }

/* ---- Ledger ---- */

_Atomic size_t regions_known;
_Atomic(char *) region_dropped_last;

bool harena__ledger_add_region(char *start, size_t size, bool shared) {
  (void)start;
  (void)size;
  (void)shared;
  atomic_fetch_add(&regions_known, 1);
  return true;
}

void harena__ledger_retire_region(char *start) { (void)start; }

void harena__ledger_drop_region(char *start) {
  atomic_fetch_sub(&regions_known, 1);
  atomic_store(&region_dropped_last, start);
}

enum { MOST_BLOCKS = 4096 };
static harena__entry entries[MOST_BLOCKS];
static size_t entry_count;

void note_block(void *block) { entries[entry_count++].hidden_block = harena__hide(block); }

void forget_blocks(void) { entry_count = 0; }

void harena__ledger_each_block(const char *from, const char *to,
                               void (*each)(harena__entry *entry, void *context), void *context) {
  for (size_t i = 0; i < entry_count; i++) {
    const char *block = harena__unhide(entries[i].hidden_block);
    if (block >= from && block < to) {
      each(&entries[i], context);
    }
  }
}

/* ---- Explanation ---- */

bool harena__explain_access(const void *address, size_t size, bool is_write,
                            void (*emit)(const char *line), bool in_signal_handler) {
  char line[128];
  if ((uintptr_t)address < 65536) {
    return false;
  }
  snprintf(line, sizeof line, "explained: %s of %zu at %p%s", is_write ? "write" : "read", size,
           address, in_signal_handler ? " in a handler" : "");
  if (emit) {
    emit(line);
  } else {
    fprintf(stderr, "%s\n", line);
  }
  return true;
}

/* ---- Children ---- */

void require_that(bool condition, const char *text, int line) {
  if (!condition) {
    fprintf(stderr, "line %d: not so: %s\n", line, text);
    _exit(1);
  }
}

/* cmocka's handlers would go on with the tests in the child. */
static void run(void (*body)(void)) {
  static const int numbers[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    signal(numbers[i], SIG_DFL);
  }
  alarm(100); /* a deadlock is a failure */
  body();
  _exit(0);
}

static int wait_for(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

int in_child(void (*body)(void)) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    run(body);
  }
  return wait_for(child);
}

static void read_all(int from, char *text, size_t size) {
  size_t length = 0;
  char byte;
  while (read(from, &byte, 1) == 1) {
    if (length < size - 1) {
      text[length++] = byte;
    }
  }
  text[length] = '\0';
}

int in_child_captured(void (*body)(void), char *text, size_t size) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    run(body);
  }
  close(ends[1]);
  read_all(ends[0], text, size);
  close(ends[0]);
  return wait_for(child);
}

void assert_child(void (*body)(void)) {
  int status = in_child(body);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fail_msg("the child ended with wait status 0x%x", (unsigned)status);
  }
}

/* ---- Tools ---- */

extern char __tsan_init[] __attribute__((weak));

/* A child that threads did not follow into has not leaked them. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) { return "report_thread_leaks=0"; }

bool is_tsan(void) { return __tsan_init != NULL; }

bool is_plain(void) {
  return !is_tsan() && !harena__on_valgrind() && !harena__shadow_asan.is_present() &&
         !harena__shadow_msan.is_present();
}

/* ---- Accesses ---- */

__attribute__((noinline)) char read_byte(const char *address) {
  return *(const volatile char *)address;
}

__attribute__((noinline)) void write_byte(char *address, char value) {
  *(volatile char *)address = value;
}
