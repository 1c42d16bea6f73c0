#include "policy.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "baseline.h"
#include "log.h"
#include "options.h"
#include "suppress.h"
#include "symbolize.h"
#include "text.h"

/* ---- The end -------------------------------------------------------------------------------- */

static _Noreturn void terminate(void) {
  if (harena__option()->abort_on_error) {
    abort();
  }
  _exit((int)harena__option()->exitcode);
}

/* Another thread may hold the stream's lock for as long as it waits for input. */
static void flush_unless_in_use(FILE *stream) {
  if (ftrylockfile(stream) == 0) {
    fflush(stream);
    funlockfile(stream);
  }
}

static void stop_waiting(int number) {
  (void)number;
  terminate();
}

/* Whatever the program does with the signal; one of its own that is pending is dropped. */
static void terminate_in(unsigned seconds) {
  struct sigaction action = {.sa_handler = stop_waiting};
  sigset_t alarms;
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  alarm(seconds);
  signal(SIGALRM, SIG_IGN);
  sigaction(SIGALRM, &action, NULL);
  pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
}

/* A handler then runs only when the thread has ceased to wait. */
extern char __tsan_init[] __attribute__((weak));

/* All streams can only be flushed by waiting for the lock of each. So what matters most comes first,
 * and the rest has some time. */
static void flush_streams(void) {
  enum { SECONDS = 2 };
  flush_unless_in_use(stdout);
  flush_unless_in_use(stderr);
  if (!__tsan_init) {
    terminate_in(SECONDS);
    fflush(NULL);
  }
}

/* ---- One at a time -------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_ending;                  /* the program, by what another thread found */
static _Thread_local bool is_reporting; /* this thread holds the lock, or waits for it */

/* The thread that ends the program may wait for a stream that this one has locked, or was interrupted
 * in. */
static _Noreturn void wait_for_end(bool in_signal_handler) {
  enum { SECONDS = 3 };
  pthread_mutex_unlock(&lock);
  if (!in_signal_handler) {
    sleep(SECONDS);
  }
  terminate();
}

static bool begin(bool in_signal_handler) {
  if (is_reporting) {
    return false;
  }
  is_reporting = true;
  pthread_mutex_lock(&lock);
  if (is_ending) {
    wait_for_end(in_signal_handler);
  }
  return true;
}

static void end(void) {
  pthread_mutex_unlock(&lock);
  is_reporting = false;
}

/* Without exit(): its handlers would run in a program that is known to be wrong. What was printed
 * before is flushed all the same, because it tells what led here; not in a signal handler, which
 * may have interrupted stdio itself. */
static _Noreturn void end_program(bool in_signal_handler) {
  is_ending = true;
  pthread_mutex_unlock(&lock);
  if (!in_signal_handler) {
    flush_streams();
  }
  terminate();
}

/* A child must not inherit the lock of a thread that it does not have. */
static void before_fork(void) {
  if (!is_reporting) {
    pthread_mutex_lock(&lock);
  }
}

static void after_fork(void) {
  if (!is_reporting) {
    pthread_mutex_unlock(&lock);
  }
}

static void start(void) {
  harena__option();
  harena__symbolize_start();
  harena__read_suppressions();
  harena__read_baseline();
  pthread_atfork(before_fork, after_fork, after_fork);
}

void harena__policy_start(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start);
}

/* The last of the library's own exits, so that what those find is counted. */
__attribute__((destructor(101))) static void list_expected(void) {
  if (harena__option()->statistics) {
    harena__list_suppressions(harena__write_line_to_stderr);
    harena__list_baseline(harena__write_line_to_stderr);
  }
}

/* ---- Where it goes -------------------------------------------------------------------------- */

static harena_report_fn *report_callback;
static void *report_context;

void harena_set_report_callback(harena_report_fn *callback, void *context) {
  bool began = begin(false); /* false in a callback, which holds the lock */
  report_callback = callback;
  report_context = context;
  if (began) {
    end();
  }
}

/* A callback is the program's own code, which no signal handler may run. */
static void deliver(const harena__report *report) {
  harena__rendering rendering = harena__render(report);
  if (report_callback && !report->finding->in_signal_handler) {
    report_callback(rendering.text, report_context);
  } else {
    harena__log(&rendering);
  }
}

/* ---- Findings ------------------------------------------------------------------------------- */

static atomic_size_t findings;

/* Large, and only one is made at a time. */
static harena__report present;

size_t harena_findings(void) { return atomic_load(&findings); }

static bool is_expected(const harena__report *report) {
  return harena__is_suppressed(report) || harena__is_in_baseline(report);
}

static void act_on(const harena__report *report, bool survives) {
  atomic_fetch_add(&findings, 1);
  deliver(report);
  if (harena__option()->halt_on_error && !survives) {
    end_program(report->finding->in_signal_handler);
  }
}

/* Its entry may be used again, or go with its table, while the report is made. */
static harena__finding keep_block(const harena__finding *finding, harena__entry *block) {
  harena__finding kept = *finding;
  if (kept.block) {
    *block = *kept.block;
    kept.block = block;
  }
  return kept;
}

static void report(const harena__finding *from, bool survives) {
  int kept_errno = errno;
  harena__entry block;
  harena__finding kept = keep_block(from, &block);
  const harena__finding *finding = &kept;
  if (!finding->in_signal_handler) {
    harena__policy_start();
  }
  if (!begin(finding->in_signal_handler)) {
    return;
  }
  harena__make_report(&present, finding);
  if (!is_expected(&present)) {
    act_on(&present, survives);
  }
  end();
  errno = kept_errno;
}

void harena__find(const harena__finding *finding) { report(finding, false); }

void harena__find_and_survive(const harena__finding *finding) { report(finding, true); }

_Noreturn void harena__end_for_findings(void) {
  begin(false);
  end_program(false);
}

void harena__find_appended(const harena__finding *from, void (*emit)(const char *line)) {
  int kept_errno = errno;
  harena__entry block;
  harena__finding kept = keep_block(from, &block);
  const harena__finding *finding = &kept;
  if (!begin(finding->in_signal_handler)) {
    return;
  }
  atomic_fetch_add(&findings, 1);
  harena__make_report(&present, finding);
  harena__write_text(&present, true, emit);
  if (harena__option()->format != HARENA__FORMAT_TEXT) {
    harena__rendering rendering = harena__render(&present);
    harena__log(&rendering);
  }
  end();
  errno = kept_errno;
}
