/* What becomes of a finding. Each case runs in a child of its own: options are read once in a
 * process, and most cases end theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "report/policy.h"
#include "surroundings.h"

static const harena__finding leak = {
    .class = HARENA__LEAKED_ARENA, .what = "still open", .arena = &request, .found = bad_call};

static const char first_line[] = "ERROR: harena: leaked-arena: still open\n";
static const char last_line[] = "HARENA-SIGNATURE\tleaked-arena\thandle\t-\trequest\n";

static void find_and_print(void) {
  printf("before\n");
  harena__find(&leak);
  printf("after\n");
}

/* Valgrind and ThreadSanitizer flush stdio themselves, even at _exit(). */
extern char __tsan_init[] __attribute__((weak));

static bool is_under_valgrind(void) {
  const char *preloaded = getenv("LD_PRELOAD");
  return preloaded && strstr(preloaded, "vgpreload");
}

static bool tool_flushes(void) { return __tsan_init || is_under_valgrind(); }

/* ---- Ends ----------------------------------------------------------------------------------- */

static void a_finding_ends_the_program(void **state) {
  (void)state;
  const struct child *child = run_in_child("", find_and_print);
  assert_int_equal(child->exit_code, 1);
  assert_string_equal(child->printed, "before\n");
  char banner[64];
  snprintf(banner, sizeof banner, "=====\n==%d==%s", child->pid, first_line);
  assert_non_null(strstr(child->output, banner));
  size_t length = strlen(child->output), last = strlen(last_line);
  assert_true(length > last);
  assert_string_equal(child->output + length - last, last_line);
}

static void the_exit_code_is_chosen(void **state) {
  (void)state;
  assert_int_equal(run_in_child("exitcode=42", find_and_print)->exit_code, 42);
  assert_int_equal(run_in_child("exitcode=0", find_and_print)->exit_code, 0);
}

static void abort_instead(void **state) {
  (void)state;
  const struct child *child = run_in_child("abort_on_error=1", find_and_print);
  assert_int_equal(child->signal, SIGABRT);
  assert_string_equal(child->printed, "before\n");
}

static void find_twice(void) {
  errno = EDOM;
  harena__find(&leak);
  printf("%d ", errno == EDOM);
  harena__find(&leak);
  printf("%zu", harena_findings());
}

static void without_halting_the_exit_code_is_the_programs_own(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0:exitcode=42", find_twice);
  assert_int_equal(child->exit_code, 0);
  assert_string_equal(child->printed, "1 2");
  assert_int_equal(occurrences(child->output, last_line), 2);
}

static void survive(void) {
  harena__find_and_survive(&leak);
  printf("%zu", harena_findings());
}

static void a_finding_that_a_panic_follows_does_not_end_it(void **state) {
  (void)state;
  const struct child *child = run_in_child("", survive);
  assert_int_equal(child->exit_code, 0);
  assert_string_equal(child->printed, "1");
  assert_int_equal(occurrences(child->output, first_line), 1);
}

static void handler(int number) {
  (void)number;
  harena__finding finding = leak;
  finding.in_signal_handler = true;
  harena__find(&finding);
}

static void find_in_signal_handler(void) {
  harena__policy_start();
  printf("not flushed");
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
}

static void in_a_signal_handler_stdio_is_left_alone(void **state) {
  (void)state;
  const struct child *child = run_in_child("exitcode=3", find_in_signal_handler);
  assert_int_equal(child->exit_code, 3);
  if (!tool_flushes()) {
    assert_string_equal(child->printed, "");
  }
  assert_non_null(strstr(child->output, "  found here:\n    #0 (build/server+0x5)\n"));
}

/* ---- Streams at the end --------------------------------------------------------------------- */

/* A file whose stream another thread waits in for input that never comes. */
static FILE *open_silence(void) {
  int ends[2];
  return pipe(ends) == 0 ? fdopen(ends[0], "r") : NULL;
}

static void *read_silence(void *context) {
  char line[8];
  return fgets(line, sizeof line, context);
}

/* A program that hangs is killed by another signal than it should be. */
static void find_while_another_reads(void) {
  alarm(20);
  pthread_t thread;
  pthread_create(&thread, NULL, read_silence, open_silence());
  usleep(100 * 1000);
  find_and_print();
}

static void a_thread_that_waits_for_input_does_not_hang_the_end(void **state) {
  (void)state;
  const struct child *child = run_in_child("exitcode=7", find_while_another_reads);
  assert_int_equal(child->exit_code, 7);
  assert_string_equal(child->printed, "before\n");
  assert_int_equal(occurrences(child->output, first_line), 1);
}

static void block_signals_and_find(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  find_while_another_reads();
}

static void nor_does_it_where_signals_are_blocked(void **state) {
  (void)state;
  const struct child *child = run_in_child("abort_on_error=1", block_signals_and_find);
  assert_int_equal(child->signal, SIGABRT);
}

static void write_to_a_file_and_find(void) {
  FILE *file = fdopen(dup(STDOUT_FILENO), "w");
  fprintf(file, "in another stream\n");
  harena__find(&leak);
}

static void what_other_streams_hold_is_written(void **state) {
  (void)state;
  if (__tsan_init) { /* under which only stdout and stderr are flushed */
    skip();
  }
  const struct child *child = run_in_child("", write_to_a_file_and_find);
  assert_int_equal(child->exit_code, 1);
  assert_string_equal(child->printed, "in another stream\n");
}

/* ---- Too much ------------------------------------------------------------------------------- */

static void find_endlessly(void) {
  harena__finding finding = leak;
  finding.found = endless;
  harena__find(&finding);
  harena__find(&leak);
}

static void a_report_that_is_too_long_says_so_and_keeps_its_last_lines(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0", find_endlessly);
  assert_true(strlen(child->output) < 70 * 1024);
  const char *end =
      "users.c:42\n  (what follows is left out: the report is too long)\n"
      "SUMMARY: harena: leaked-arena users.c:42 in parse_user\n"
      "HARENA-SIGNATURE\tleaked-arena\tparse_user\t-\trequest\n====";
  assert_non_null(strstr(child->output, end));
  assert_int_equal(occurrences(child->output, "left out"), 1);
}

/* ---- Another tool's report ------------------------------------------------------------------ */

static void emit_to_stdout(const char *line) { printf("%s\n", line); }

static void find_appended(void) {
  harena__find_appended(&leak, emit_to_stdout);
  printf("%zu", harena_findings());
}

static void appended_findings_are_counted_and_left_to_the_tool(void **state) {
  (void)state;
  const struct child *child = run_in_child("log_path=/nowhere/at/all", find_appended);
  assert_int_equal(child->exit_code, 0);
  assert_string_equal(child->output, "");
  const char *start = "harena: leaked-arena: still open\narena \"request\" (generation 7)\n";
  assert_memory_equal(child->printed, start, strlen(start));
  assert_non_null(strstr(child->printed, "\trequest\n1"));
}

/* ---- The callback --------------------------------------------------------------------------- */

static unsigned calls;

static void take_report(const char *text, void *context) {
  calls++;
  fputs(text, context);
}

static void find_with_callback(void) {
  harena_set_report_callback(take_report, stdout);
  harena__find(&leak);
  harena_set_report_callback(NULL, NULL);
  harena__find(&leak);
  printf("%u", calls);
}

static void the_callback_takes_the_whole_report(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0", find_with_callback);
  assert_int_equal(occurrences(child->printed, first_line), 1);
  assert_int_equal(occurrences(child->printed, last_line), 1);
  assert_non_null(strstr(child->printed, "\trequest\n1"));
  assert_int_equal(occurrences(child->output, first_line), 1);
}

static void the_callback_takes_what_programs_read(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0:format=json", find_with_callback);
  assert_memory_equal(child->printed, "{\"tool\":\"harena\"", strlen("{\"tool\":\"harena\""));
  assert_non_null(strstr(child->printed, "]}\n1"));
  assert_int_equal(occurrences(child->output, "\n"), 1);
  child = run_in_child("halt_on_error=0:format=sarif", find_with_callback);
  assert_memory_equal(child->printed, "{\"$schema\":", strlen("{\"$schema\":"));
  assert_int_equal(occurrences(child->printed, "\"ruleId\""), 1);
}

static void find_in_signal_handler_with_callback(void) {
  harena__policy_start();
  harena_set_report_callback(take_report, stdout);
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
  printf("%u", calls);
}

static void a_signal_handler_calls_no_callback(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0", find_in_signal_handler_with_callback);
  assert_string_equal(child->printed, "0");
  assert_int_equal(occurrences(child->output, first_line), 1);
}

static void find_again(const char *text, void *context) {
  (void)text;
  ++*(int *)context;
  harena__find(&leak);
  harena__find_appended(&leak, emit_to_stdout);
  harena_set_report_callback(NULL, NULL);
}

static void find_inside_callback(void) {
  static int called;
  harena_set_report_callback(find_again, &called);
  harena__find(&leak);
  printf("%d %zu", called, harena_findings());
  fflush(stdout);
  harena__find(&leak); /* to stderr again, as the callback asked */
}

static void a_finding_inside_a_finding_is_dropped(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0", find_inside_callback);
  assert_int_equal(child->exit_code, 0);
  assert_string_equal(child->printed, "1 1");
  assert_int_equal(occurrences(child->output, first_line), 1);
}

/* ---- The log -------------------------------------------------------------------------------- */

static char folder[] = "policy_test_XXXXXX";

static size_t read_and_remove(const char *path, char *out, size_t size) {
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  size_t length = fread(out, 1, size - 1, file);
  out[length] = '\0';
  fclose(file);
  assert_int_equal(remove(path), 0);
  return length;
}

static void the_log_has_the_process_id_in_its_name(void **state) {
  (void)state;
  char options[256], path[256], log[8192];
  snprintf(options, sizeof options, "halt_on_error=0:log_path=%s/%%p-%%p.log%%", folder);
  const struct child *child = run_in_child(options, find_twice);
  assert_string_equal(child->output, "");
  snprintf(path, sizeof path, "%s/%d-%d.log%%", folder, child->pid, child->pid);
  read_and_remove(path, log, sizeof log);
  assert_int_equal(occurrences(log, first_line), 2);
}

static void the_log_is_appended_to(void **state) {
  (void)state;
  char options[256], path[128], log[8192];
  snprintf(path, sizeof path, "%s/log", folder);
  snprintf(options, sizeof options, "log_path='%s'", path);
  assert_int_equal(run_in_child(options, find_and_print)->exit_code, 1);
  assert_int_equal(run_in_child(options, find_and_print)->exit_code, 1);
  read_and_remove(path, log, sizeof log);
  assert_int_equal(occurrences(log, first_line), 2);
}

static void go_away_and_find(void) {
  if (chdir("/") == 0) {
    harena__find(&leak);
  }
}

static void the_log_is_where_the_program_was_started(void **state) {
  (void)state;
  char options[256], path[128], log[8192];
  snprintf(path, sizeof path, "%s/log", folder);
  snprintf(options, sizeof options, "log_path='%s'", path);
  assert_string_equal(run_in_child(options, go_away_and_find)->output, "");
  read_and_remove(path, log, sizeof log);
  assert_int_equal(occurrences(log, first_line), 1);
}

static void a_log_that_cannot_be_opened_is_named(void **state) {
  (void)state;
  const struct child *child = run_in_child("log_path=/nowhere/at/all", find_and_print);
  assert_int_equal(child->exit_code, 1);
  char complaint[256];
  snprintf(
      complaint, sizeof complaint,
      "harena: log_path: cannot append to '/nowhere/at/all' (errno %d); the report follows here\n"
      "====",
      ENOENT);
  assert_non_null(strstr(child->output, complaint));
  assert_non_null(strstr(child->output, last_line));
}

/* ---- Threads and forks ---------------------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 10 };

static void *find_often(void *context) {
  (void)context;
  for (int i = 0; i < ROUNDS; i++) {
    harena__find(&leak);
  }
  return NULL;
}

static void *find_once(void *context) {
  (void)context;
  harena__find(&leak);
  return NULL;
}

static void run_threads(void *(*body)(void *)) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, body, NULL);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
}

static atomic_int at_once;

/* Long enough for another thread to come in, if it can. */
static void take_alone(const char *text, void *context) {
  (void)context;
  if (atomic_fetch_add(&at_once, 1) > 0) {
    fputs("two at once\n", stderr);
  }
  usleep(1000);
  fputs(text, stderr);
  atomic_fetch_sub(&at_once, 1);
}

static void find_often_in_threads(void) {
  harena_set_report_callback(take_alone, NULL);
  run_threads(find_often);
  printf("%zu", harena_findings());
}

static void find_in_threads(void) { run_threads(find_once); }

static void reports_of_threads_do_not_mix(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0", find_often_in_threads);
  assert_int_equal(occurrences(child->output, "two at once"), 0);
  assert_string_equal(child->printed, "40");
  char report[1024];
  const char *end = strstr(child->output, last_line);
  assert_non_null(end);
  size_t length = (size_t)(end - child->output) + strlen(last_line);
  snprintf(report, sizeof report, "%.*s", (int)length, child->output);
  assert_int_equal(occurrences(child->output, report), THREADS * ROUNDS);
  assert_int_equal(strlen(child->output), THREADS * ROUNDS * length);
}

static void one_thread_ends_the_program_of_many(void **state) {
  (void)state;
  const struct child *child = run_in_child("exitcode=5", find_in_threads);
  assert_int_equal(child->exit_code, 5);
  assert_int_equal(occurrences(child->output, first_line), 1);
}

/* Holds stdout's lock, as a thread does that faults in printf(), and meets the library in a signal
 * handler. */
static pthread_barrier_t barrier;

static void *find_while_printing(void *context) {
  (void)context;
  flockfile(stdout);
  pthread_barrier_wait(&barrier);
  usleep(100 *
         1000); /* until the other thread flushes; without it the test proves less, and passes */
  handler(0);
  return NULL;
}

static void find_while_another_prints(void) {
  pthread_t thread;
  pthread_barrier_init(&barrier, NULL, 2);
  pthread_create(&thread, NULL, find_while_printing, NULL);
  pthread_barrier_wait(&barrier);
  harena__find(&leak);
}

static void a_thread_that_faults_in_stdio_does_not_hang_the_end(void **state) {
  (void)state;
  if (is_under_valgrind()) { /* whose own flush waits for the lock then */
    skip();
  }
  const struct child *child = run_in_child("exitcode=6", find_while_another_prints);
  assert_int_equal(child->exit_code, 6);
  assert_int_equal(occurrences(child->output, first_line), 1);
}

static pthread_barrier_t reporting;

static void report_slowly(const char *text, void *context) {
  (void)text;
  (void)context;
  pthread_barrier_wait(&reporting);
  usleep(50 * 1000);
}

static void fork_while_another_reports(void) {
  harena__policy_start();
  pthread_barrier_init(&reporting, NULL, 2);
  harena_set_report_callback(report_slowly, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, find_once, NULL);
  pthread_barrier_wait(&reporting);
  pid_t child = fork();
  if (child == 0) {
    alarm(10);
    harena_set_report_callback(NULL, NULL);
    harena__find(&leak);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  pthread_join(thread, NULL);
  printf("%d", WIFEXITED(status));
}

static void a_child_does_not_inherit_the_lock(void **state) {
  (void)state;
  const struct child *child = run_in_child("halt_on_error=0", fork_while_another_reports);
  assert_string_equal(child->printed, "1");
  assert_int_equal(occurrences(child->output, first_line), 1);
}

/* ---- The compiled-in options ---------------------------------------------------------------- */

static void the_library_has_options_of_its_own_when_the_program_has_none(void **state) {
  (void)state;
  assert_string_equal(harena_default_options(), "");
}

static int make_folder(void **state) {
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_finding_ends_the_program),
      cmocka_unit_test(the_exit_code_is_chosen),
      cmocka_unit_test(abort_instead),
      cmocka_unit_test(without_halting_the_exit_code_is_the_programs_own),
      cmocka_unit_test(a_finding_that_a_panic_follows_does_not_end_it),
      cmocka_unit_test(in_a_signal_handler_stdio_is_left_alone),
      cmocka_unit_test(a_thread_that_waits_for_input_does_not_hang_the_end),
      cmocka_unit_test(nor_does_it_where_signals_are_blocked),
      cmocka_unit_test(what_other_streams_hold_is_written),
      cmocka_unit_test(a_report_that_is_too_long_says_so_and_keeps_its_last_lines),
      cmocka_unit_test(appended_findings_are_counted_and_left_to_the_tool),
      cmocka_unit_test(the_callback_takes_the_whole_report),
      cmocka_unit_test(the_callback_takes_what_programs_read),
      cmocka_unit_test(a_signal_handler_calls_no_callback),
      cmocka_unit_test(a_finding_inside_a_finding_is_dropped),
      cmocka_unit_test(the_log_has_the_process_id_in_its_name),
      cmocka_unit_test(the_log_is_appended_to),
      cmocka_unit_test(the_log_is_where_the_program_was_started),
      cmocka_unit_test(a_log_that_cannot_be_opened_is_named),
      cmocka_unit_test(reports_of_threads_do_not_mix),
      cmocka_unit_test(one_thread_ends_the_program_of_many),
      cmocka_unit_test(a_thread_that_faults_in_stdio_does_not_hang_the_end),
      cmocka_unit_test(a_child_does_not_inherit_the_lock),
      cmocka_unit_test(the_library_has_options_of_its_own_when_the_program_has_none),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
