#include "policy.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line.h"
#include "options.h"
#include "symbolize.h"
#include "text.h"

/* ---- One at a time -------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_ending;                  /* the program, by what another thread found */
static _Thread_local bool is_reporting; /* this thread holds the lock, or waits for it */

static _Noreturn void terminate(void) {
  if (harena__option()->abort_on_error) {
    abort();
  }
  _exit((int)harena__option()->exitcode);
}

/* The thread that ends the program may wait for a stream that this one was interrupted in: then
 * nobody would ever go on. */
static _Noreturn void wait_for_end(bool in_signal_handler) {
  pthread_mutex_unlock(&lock);
  if (in_signal_handler) {
    terminate();
  }
  for (;;) {
    pause();
  }
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
    fflush(NULL);
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
  pthread_atfork(before_fork, after_fork, after_fork);
}

void harena__policy_start(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start);
}

/* ---- The text of the report that is being made ---------------------------------------------- */

/* Room for the last lines is kept back, so that a report that is cut still says what it is
 * about. */
enum { REPORT_SIZE = 64 * 1024, KEPT_BACK = 4 * 1024 };
static char text[REPORT_SIZE];
static size_t text_length;
static bool text_is_cut;

static void append(const char *line) {
  size_t length = strlen(line);
  memcpy(text + text_length, line, length);
  text_length += length;
  text[text_length++] = '\n';
  text[text_length] = '\0';
}

/* Lines that belong to a section are indented. */
static void take_line(const char *line) {
  bool is_detail = line[0] == ' ';
  if (!is_detail || text_length + strlen(line) + 2 <= REPORT_SIZE - KEPT_BACK) {
    append(line);
  } else if (!text_is_cut) {
    append("  (what follows is left out: the report is too long)");
    text_is_cut = true;
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

/* `log_path` with the process id for each %p. */
static void fill_in_path(harena__line *path, const char *pattern) {
  for (const char *next = pattern; *next; next++) {
    if (next[0] == '%' && next[1] == 'p') {
      harena__add_number(path, (uint64_t)getpid());
      next++;
    } else {
      harena__add(path, (char[]){*next, '\0'});
    }
  }
}

static void complain_about_log(const char *path, int code) {
  harena__line line = {0};
  harena__add(&line, "harena: log_path: cannot append to '");
  harena__add_name(&line, path);
  harena__add(&line, "' (errno ");
  harena__add_number(&line, (uint64_t)code);
  harena__add(&line, "); the report follows here");
  harena__write_line_to_stderr(line.text);
}

/* Opened for each report: the program may have closed the file, forked, or moved the log away. */
static int open_log(const char *pattern) {
  harena__line path = {0};
  fill_in_path(&path, pattern);
  int file = open(path.text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) {
    complain_about_log(path.text, errno);
  }
  return file;
}

static void write_report(void) {
  const char *log_path = harena__option()->log_path;
  int log = *log_path ? open_log(log_path) : -1;
  harena__write_all(log < 0 ? STDERR_FILENO : log, text, text_length);
  if (log >= 0) {
    close(log);
  }
}

static void deliver(void) {
  if (report_callback) {
    report_callback(text, report_context);
  } else {
    write_report();
  }
}

/* ---- Findings ------------------------------------------------------------------------------- */

static atomic_size_t findings;

/* Large, and only one is made at a time. */
static harena__report present;

size_t harena_findings(void) { return atomic_load(&findings); }

static void report(const harena__finding *finding, bool survives) {
  int kept_errno = errno;
  if (!begin(finding->in_signal_handler)) {
    return;
  }
  atomic_fetch_add(&findings, 1);
  text_length = 0;
  text_is_cut = false;
  harena__make_report(&present, finding);
  harena__write_text(&present, false, take_line);
  deliver();
  if (harena__option()->halt_on_error && !survives) {
    end_program(finding->in_signal_handler);
  }
  end();
  errno = kept_errno;
}

void harena__find(const harena__finding *finding) { report(finding, false); }

void harena__find_and_survive(const harena__finding *finding) { report(finding, true); }

void harena__find_appended(const harena__finding *finding, void (*emit)(const char *line)) {
  int kept_errno = errno;
  if (!begin(finding->in_signal_handler)) {
    return;
  }
  atomic_fetch_add(&findings, 1);
  harena__make_report(&present, finding);
  harena__write_text(&present, true, emit);
  end();
  errno = kept_errno;
}
