#include <backtrace.h>
#include <pthread.h>
#include <stddef.h>

#include "debug_info.h"
#include "debug_info_memory.h"
#include "demangle.h"
#include "modules.h"

/* No debug information, or none that can be read: the answer is the module, not a complaint. */
static void ignore_error(void *context, const char *message, int code) {
  (void)context;
  (void)message;
  (void)code;
}

/* One thread at a time: libbacktrace can do more, but ThreadSanitizer does not see how. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

/* Behind the pages' (pages.c) and before all others of ours: in a fork the locks are taken in the
 * order that a report takes them in. */
enum { EARLY = 102 };
__attribute__((constructor(EARLY))) static void guard_fork(void) {
  harena__guard_debug_info_memory();
  pthread_atfork(take_lock, drop_lock, drop_lock);
}

/* libbacktrace looks at the modules once, when a state is first used. After a dlopen a new state
 * takes the old one's place; the old one cannot be freed, and programs do not load modules for
 * ever. */
static struct backtrace_state *current_state(void) {
  static struct backtrace_state *state;
  static size_t modules_known;
  if (!state || modules_known != harena__modules_noted()) {
    modules_known = harena__modules_noted();
    state = backtrace_create_state(NULL, 1, ignore_error, NULL);
  }
  return state;
}

struct reader {
  harena__debug_info_fn *each;
  void *context;
  bool found;
};

static int take_line(void *context, uintptr_t instruction, const char *file, int line,
                     const char *function) {
  (void)instruction;
  struct reader *reader = context;
  harena__line name = {0};
  if (function && harena__demangle(function, &name)) {
    function = name.text;
  }
  if (function || file) {
    reader->each(function, file, line > 0 ? (unsigned)line : 0, reader->context);
    reader->found = true;
  }
  return 0;
}

static void take_symbol(void *context, uintptr_t instruction, const char *name, uintptr_t value,
                        uintptr_t size) {
  (void)value;
  (void)size;
  take_line(context, instruction, NULL, 0, name);
}

static void read_at(uintptr_t instruction, struct reader *reader) {
  struct backtrace_state *state = current_state();
  if (!state) {
    return;
  }
  backtrace_pcinfo(state, instruction, take_line, ignore_error, reader);
  if (!reader->found) {
    backtrace_syminfo(state, instruction, take_symbol, ignore_error, reader);
  }
}

bool harena__read_debug_info(uintptr_t instruction, harena__debug_info_fn *each, void *context) {
  struct reader reader = {.each = each, .context = context};
  take_lock();
  read_at(instruction, &reader);
  drop_lock();
  return reader.found;
}
