/* HARENA_OPTIONS: every kind of value, what can be wrong with it, and where it comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena/debug.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "report/options.h"

/* What the program compiles in, for the tests that run in a child. */
static const char *compiled_in = "";
const char *harena_default_options(void) { return compiled_in; }

/* ---- What is said --------------------------------------------------------------------------- */

static char said[16 * 1024];

static void collect(const char *line) {
  assert_null(strchr(line, '\n'));
  size_t length = strlen(said);
  snprintf(said + length, sizeof said - length, "%s\n", line);
}

static size_t parse(harena__options *options, const char *text) {
  said[0] = '\0';
  return harena__parse_options(options, text, collect);
}

static harena__options parsed(const char *text) {
  harena__options options = harena__default_values();
  assert_int_equal(parse(&options, text), 0);
  assert_string_equal(said, "");
  return options;
}

/* One complaint, and all options as they were. */
static void assert_complaint(const char *text, const char *complaint) {
  harena__options before, options;
  memset(&before, 0, sizeof before);
  before = harena__default_values();
  options = before;
  assert_int_equal(parse(&options, text), 1);
  char expected[512];
  snprintf(expected, sizeof expected, "harena: options: %s\n", complaint);
  assert_string_equal(said, expected);
  assert_memory_equal(&options, &before, sizeof options);
}

/* ---- Values --------------------------------------------------------------------------------- */

static void defaults(void **state) {
  (void)state;
  harena__options options = parsed("");
  assert_true(options.halt_on_error);
  assert_int_equal(options.exitcode, 1);
  assert_false(options.abort_on_error);
  assert_string_equal(options.log_path, "");
  assert_int_equal(options.stack_depth, 8);
  assert_int_equal(options.redzone, 16);
  assert_int_equal(options.guard, 0);
  assert_true(options.halt_on_error);
}

static void flags(void **state) {
  (void)state;
  static const char *const off[] = {"halt_on_error=0", "halt_on_error=false", "halt_on_error=no",
                                    "halt_on_error=off"};
  static const char *const on[] = {"help=1", "help=true", "help=yes", "help=on"};
  for (size_t i = 0; i < 4; i++) {
    assert_false(parsed(off[i]).halt_on_error);
    assert_true(parsed(on[i]).help);
  }
}

static void numbers(void **state) {
  (void)state;
  assert_int_equal(parsed("exitcode=0").exitcode, 0);
  assert_int_equal(parsed("exitcode=255").exitcode, 255);
  assert_int_equal(parsed("exitcode=0042").exitcode, 42);
  assert_int_equal(parsed("reuse=-1").reuse, -1);
  assert_int_equal(parsed("reuse=1").reuse, 1);
}

static void sizes(void **state) {
  (void)state;
  assert_int_equal(parsed("quarantine=0").quarantine, 0);
  assert_int_equal(parsed("quarantine=1000").quarantine, 1000);
  assert_int_equal(parsed("quarantine=3k").quarantine, 3 * 1024);
  assert_int_equal(parsed("quarantine=3M").quarantine, 3 * 1024 * 1024);
  assert_int_equal(parsed("quarantine=1g").quarantine, 1024 * 1024 * 1024);
  assert_int_equal(parsed("redzone=2k").redzone, 2048);
}

static void choices(void **state) {
  (void)state;
  assert_int_equal(parsed("guard=slab").guard, 0);
  assert_int_equal(parsed("guard=exact").guard, 1);
  assert_int_equal(parsed("shadow=auto").shadow, 0);
  assert_int_equal(parsed("shadow=guard").shadow, 4);
}

static void texts(void **state) {
  (void)state;
  assert_string_equal(parsed("log_path=/var/a").log_path, "/var/a");
  assert_string_equal(parsed("log_path=a=b").log_path, "a=b");
  assert_string_equal(parsed("log_path=").log_path, "");
  assert_string_equal(parsed("log_path='a b:c,d\"'").log_path, "a b:c,d\"");
  assert_string_equal(parsed("log_path=\"it's\"").log_path, "it's");
  assert_string_equal(parsed("log_path=it's").log_path, "it's");
}

static void the_longest_text(void **state) {
  (void)state;
  char text[300] = "log_path=";
  memset(text + 9, 'x', 255);
  assert_int_equal(strlen(parsed(text).log_path), 255);
  text[9 + 255] = 'x';
  char complaint[300] = "log_path='";
  memset(complaint + 10, 'x', 64);
  strcpy(complaint + 74, "...': expected at most 255 bytes; ignored");
  assert_complaint(text, complaint);
}

static void separators(void **state) {
  (void)state;
  harena__options options = parsed(
      " ,:\t\r\nhelp=1 "
      "exitcode=2,halt_on_error=0:guard=exact\tstack_depth=3\rredzone=32\nreuse=1,,:");
  assert_true(options.help);
  assert_int_equal(options.exitcode, 2);
  assert_false(options.halt_on_error);
  assert_int_equal(options.guard, 1);
  assert_int_equal(options.stack_depth, 3);
  assert_int_equal(options.redzone, 32);
  assert_int_equal(options.reuse, 1);
}

static void the_last_of_two_wins(void **state) {
  (void)state;
  assert_int_equal(parsed("exitcode=2:exitcode=3").exitcode, 3);
}

/* ---- Complaints ----------------------------------------------------------------------------- */

static void unknown_names(void **state) {
  (void)state;
  assert_complaint("halt_on_eror=0",
                   "no option is called 'halt_on_eror'; ignored (help=1 lists them)");
  assert_complaint("=1", "no option is called ''; ignored (help=1 lists them)");
  assert_complaint("Help=1", "no option is called 'Help'; ignored (help=1 lists them)");
  assert_complaint("hel=1", "no option is called 'hel'; ignored (help=1 lists them)");
  assert_complaint(
      "a\x1b"
      "b=1",
      "no option is called 'a\\x1bb'; ignored (help=1 lists them)");
}

static void bad_flags(void **state) {
  (void)state;
  const char *expected = ": expected 0, 1, false, true, no, yes, off or on; ignored";
  static const char *const values[] = {"", "2", "maybe", "TRUE", "1 "};
  for (size_t i = 0; i < 5; i++) {
    char text[64], complaint[128];
    snprintf(text, sizeof text, "halt_on_error='%s'", values[i]);
    snprintf(complaint, sizeof complaint, "halt_on_error='%s'%s", values[i], expected);
    assert_complaint(text, complaint);
  }
}

static void bad_numbers(void **state) {
  (void)state;
  static const char *const values[] = {"",
                                       "-",
                                       "256",
                                       "-1",
                                       "1x",
                                       "0x10",
                                       "1.5",
                                       "+1",
                                       "--1",
                                       "99999999999999999999",
                                       "9223372036854775808"};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    char text[64], complaint[128];
    snprintf(text, sizeof text, "exitcode=%s", values[i]);
    snprintf(complaint, sizeof complaint, "exitcode='%s': expected 0 to 255; ignored", values[i]);
    assert_complaint(text, complaint);
  }
  assert_complaint("reuse=-2", "reuse='-2': expected -1 to 1; ignored");
  assert_complaint("reuse=18446744073709551615", /* -1, if it were taken as signed */
                   "reuse='18446744073709551615': expected -1 to 1; ignored");
}

static void bad_sizes(void **state) {
  (void)state;
  static const char *const values[] = {
      "", "k", "-1", "1kk", "1t", "1 k", "18446744073709551616", "18446744073709551615k"};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    char text[64], complaint[128];
    snprintf(text, sizeof text, "quarantine='%s'", values[i]);
    snprintf(complaint, sizeof complaint, "quarantine='%s': expected bytes, from 0; ignored",
             values[i]);
    assert_complaint(text, complaint);
  }
  const char *expected = "expected bytes, from 16 to 2k, multiple of 16; ignored";
  char complaint[128];
  snprintf(complaint, sizeof complaint, "redzone='0': %s", expected);
  assert_complaint("redzone=0", complaint);
  snprintf(complaint, sizeof complaint, "redzone='24': %s", expected);
  assert_complaint("redzone=24", complaint);
  snprintf(complaint, sizeof complaint, "redzone='4k': %s", expected);
  assert_complaint("redzone=4k", complaint);
}

static void bad_choices(void **state) {
  (void)state;
  assert_complaint("guard=page", "guard='page': expected slab|exact; ignored");
  assert_complaint("guard=", "guard='': expected slab|exact; ignored");
  assert_complaint("guard=slab|exact", "guard='slab|exact': expected slab|exact; ignored");
  assert_complaint("guard=sla", "guard='sla': expected slab|exact; ignored");
}

static void a_missing_value_ends_the_parsing(void **state) {
  (void)state;
  assert_complaint("help exitcode=3", "after 'help': expected '=' and a value; ignored from there");
  assert_complaint("help", "after 'help': expected '=' and a value; ignored from there");
}

static void an_open_quote_ends_the_parsing(void **state) {
  (void)state;
  assert_complaint("log_path='a exitcode=3",
                   "at ''a exitcode=3': expected a second quote; ignored from there");
  assert_complaint("log_path=\"", "at '\"': expected a second quote; ignored from there");
}

static void what_came_before_a_mistake_counts(void **state) {
  (void)state;
  harena__options options = harena__default_values();
  assert_int_equal(parse(&options, "exitcode=3:nonsense=1:halt_on_error=x:stack_depth=4:'"), 3);
  assert_int_equal(options.exitcode, 3);
  assert_int_equal(options.stack_depth, 4);
  assert_true(options.halt_on_error);
}

/* ---- Anything at all ------------------------------------------------------------------------ */

static size_t complaints;
static void count(const char *line) { complaints += line[0] != '\0'; }

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 16;
}

static void make_text(char *text, size_t size, uint32_t *seed) {
  static const char *const pieces[] = {
      "help", "exitcode", "log_path", "quarantine", "guard", "reuse", "=",    "=",           "=",
      ":",    ",",        " ",        "'",          "\"",    "\n",    "1",    "0",           "9",
      "k",    "g",        "-",        "exact",      "|",     "\xff",  "\x1b", "999999999999"};
  text[0] = '\0';
  for (uint32_t left = next_random(seed) % 24; left > 0; left--) {
    const char *piece = pieces[next_random(seed) % (sizeof pieces / sizeof pieces[0])];
    if (strlen(text) + strlen(piece) + 1 < size) {
      strcat(text, piece);
    }
  }
}

static void assert_legal(const harena__options *options) {
  assert_in_range(options->exitcode, 0, 255);
  assert_true(options->reuse >= -1 && options->reuse <= 1);
  assert_in_range(options->stack_depth, 1, 32);
  assert_in_range(options->redzone, 16, 2048);
  assert_in_range(options->guard, 0, 1);
  assert_in_range(options->shadow, 0, 4);
  assert_non_null(memchr(options->log_path, '\0', sizeof options->log_path));
}

static void random_texts_leave_legal_values(void **state) {
  (void)state;
  uint32_t seed = 1;
  char text[320];
  harena__options options = harena__default_values();
  for (int i = 0; i < 20000; i++) {
    make_text(text, sizeof text, &seed);
    complaints = 0;
    size_t told = harena__parse_options(&options, text, count);
    assert_int_equal(told, complaints);
    assert_legal(&options);
  }
}

/* ---- help=1 --------------------------------------------------------------------------------- */

static void the_table_has_a_row_for_each(void **state) {
  (void)state;
  harena__options options = parsed("exitcode=7:redzone=64:guard=exact:log_path='a b'");
  said[0] = '\0';
  harena__list_options(&options, collect);
  assert_non_null(strstr(said,
                         "harena: HARENA_OPTIONS=\"name=value:name=value\"\n"
                         "  name                value       default     legal\n"));
  assert_non_null(strstr(said,
                         "  exitcode            7           1           0 to 255\n"
                         "      exit code of a program that a finding ended\n"));
  assert_non_null(strstr(
      said,
      "  redzone             64          16          bytes, from 16 to 2k, multiple of 16\n"));
  assert_non_null(strstr(said, "  recycle_quarantine  1m          1m          bytes, from 0\n"));
  assert_non_null(strstr(said, "  guard               exact       slab        slab|exact\n"));
  assert_non_null(
      strstr(said, "  log_path            \"a b\"       \"\"          at most 255 bytes\n"));
  assert_non_null(strstr(said, "  halt_on_error       1           1           0, 1, false, true"));
}

/* ---- Where they come from ------------------------------------------------------------------- */

static void print_exitcode_and_depth(void) {
  printf("%d %d\n", (int)harena__option()->exitcode, (int)harena__option()->stack_depth);
}

static void the_environment_wins_over_the_program(void **state) {
  (void)state;
  compiled_in = "exitcode=5:stack_depth=6";
  assert_string_equal(run_in_child("exitcode=9", print_exitcode_and_depth)->printed, "9 6\n");
  compiled_in = NULL;
  assert_string_equal(run_in_child("exitcode=9", print_exitcode_and_depth)->printed, "9 8\n");
  compiled_in = "";
}

static void mistakes_are_told_once_on_stderr_and_end_nothing(void **state) {
  (void)state;
  const struct child *child = run_in_child("exitcod=9:stack_depth=3", print_exitcode_and_depth);
  assert_int_equal(child->exit_code, 0);
  assert_string_equal(child->printed, "1 3\n");
  assert_string_equal(
      child->output,
      "harena: options: no option is called 'exitcod'; ignored (help=1 lists them)\n");
}

static void help_is_printed_once_and_ends_nothing(void **state) {
  (void)state;
  const struct child *child = run_in_child("help=1:exitcode=9", print_exitcode_and_depth);
  assert_int_equal(child->exit_code, 0);
  assert_string_equal(child->printed, "9 8\n");
  assert_int_equal(occurrences(child->output, "  exitcode            9"), 1);
}

static void *read_option(void *context) {
  *(int64_t *)context = harena__option()->exitcode;
  return NULL;
}

static void read_from_many_threads(void) {
  pthread_t threads[8];
  int64_t values[8] = {0};
  for (int i = 0; i < 8; i++) {
    pthread_create(&threads[i], NULL, read_option, &values[i]);
  }
  for (int i = 0; i < 8; i++) {
    pthread_join(threads[i], NULL);
    printf("%d", (int)values[i]);
  }
}

static void the_first_use_may_be_in_many_threads(void **state) {
  (void)state;
  const struct child *child = run_in_child("help=1:exitcode=4", read_from_many_threads);
  assert_string_equal(child->printed, "44444444");
  assert_int_equal(occurrences(child->output, "HARENA_OPTIONS"), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults),
      cmocka_unit_test(flags),
      cmocka_unit_test(numbers),
      cmocka_unit_test(sizes),
      cmocka_unit_test(choices),
      cmocka_unit_test(texts),
      cmocka_unit_test(the_longest_text),
      cmocka_unit_test(separators),
      cmocka_unit_test(the_last_of_two_wins),
      cmocka_unit_test(unknown_names),
      cmocka_unit_test(bad_flags),
      cmocka_unit_test(bad_numbers),
      cmocka_unit_test(bad_sizes),
      cmocka_unit_test(bad_choices),
      cmocka_unit_test(a_missing_value_ends_the_parsing),
      cmocka_unit_test(an_open_quote_ends_the_parsing),
      cmocka_unit_test(what_came_before_a_mistake_counts),
      cmocka_unit_test(random_texts_leave_legal_values),
      cmocka_unit_test(the_table_has_a_row_for_each),
      cmocka_unit_test(the_environment_wins_over_the_program),
      cmocka_unit_test(mistakes_are_told_once_on_stderr_and_end_nothing),
      cmocka_unit_test(help_is_printed_once_and_ends_nothing),
      cmocka_unit_test(the_first_use_may_be_in_many_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
