/* Findings that a suppression or the baseline expects. Each case runs in a child of its own,
 * because the files are read once in a process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "report/policy.h"
#include "surroundings.h"

static char folder[] = "expected_test_XXXXXX";
static char path[64];

static void write_file(const char *text) {
  snprintf(path, sizeof path, "%s/file", folder);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  assert_int_equal(fclose(file), 0);
}

/* ---- What is found -------------------------------------------------------------------------- */

static void find_escape(void) {
  harena__entry block = live_block();
  block.state = HARENA_CLEARED;
  block.retired = in_handle;
  harena__holder_record holder = {.kind = HARENA__HOLDER_GLOBAL,
                                  .name = "global last_user+8 (cache.c:3, in ./server)",
                                  .symbol = "last_user"};
  harena__finding finding = {.class = HARENA__ESCAPED_REFERENCE,
                             .what = "still points",
                             .address = (const void *)(uintptr_t)BLOCK_ADDRESS,
                             .block = &block,
                             .holder = &holder,
                             .found = bad_call};
  harena__find(&finding);
}

static void find_leak(void) {
  harena__finding finding = {
      .class = HARENA__LEAKED_ARENA, .what = "still open", .arena = &other, .found = in_main};
  harena__find(&finding);
}

static void find_three(void) {
  find_escape();
  find_leak();
  find_escape();
  printf("%zu", harena_findings());
}

/* Through the library's own exit. */
static void find_three_and_exit(void) {
  find_three();
  exit(0);
}

/* ---- Suppressions --------------------------------------------------------------------------- */

/* The child's result: how many of the three findings were left, and what was written. */
static const struct child *suppress(const char *lines, const char *options) {
  char all[256];
  write_file(lines);
  snprintf(all, sizeof all, "halt_on_error=0:suppressions=%s:%s", path, options);
  return run_in_child(all, find_three_and_exit);
}

static void assert_left(const char *lines, const char *count) {
  const struct child *child = suppress(lines, "");
  assert_string_equal(child->printed, count);
  assert_int_equal(child->exit_code, 0);
  assert_int_equal(occurrences(child->output, "HARENA-SIGNATURE"), atoi(count));
  assert_int_equal(occurrences(child->output, "ignored"), 0);
}

static void by_class_and_by_family(void **state) {
  (void)state;
  assert_left("# known\nescaped-reference:parse_user\n", "1");
  assert_left("# known\nescape:parse_user\n", "1");
  assert_left("# known\nleak:main\n", "2");
  assert_left("# known\nleaked-arena:main\nescape:parse_user\n", "0");
  assert_left("# known\noverrun:parse_user\naccess:main\n", "3");
}

static void by_every_name_in_the_report(void **state) {
  (void)state;
  assert_left("escape:^handle$  # a caller\n", "1");
  assert_left("escape:users.c  # a file\n", "1");
  assert_left("escape:^build/server$  # a module\n", "1");
  assert_left("escape:^request$  # the arena\n", "1");
  assert_left("escape:^last_user$  # the holder\n", "1");
  assert_left("escape:cache.c  # the holder's file\n", "1");
  assert_left("leak:^other$  # the arena of the call\n", "2");
  assert_left("escape:somebody_else  # none of them\n", "3");
}

static void a_reason_is_above_or_behind(void **state) {
  (void)state;
  assert_left("  # a reason\r\n\tescape:parse_user\t\r\n", "1");
  assert_left("# one reason\nleak:nobody\nescape:parse_user", "1");
  assert_left("leak:nobody # r\n\n# more\n# than one line\nescape:parse_user\n", "1");
}

static void assert_refused(const char *lines, const char *complaint) {
  const struct child *child = suppress(lines, "");
  assert_string_equal(child->printed, "3");
  char expected[512];
  snprintf(expected, sizeof expected, "harena: suppressions: %s:%s; the line is ignored\n", path,
           complaint);
  assert_memory_equal(child->output, expected, strlen(expected));
}

static void a_line_without_a_reason_is_named(void **state) {
  (void)state;
  const char *missing = "1: no comment above or behind it says why to suppress 'escape:parse_user'";
  assert_refused("escape:parse_user\n", missing);
  assert_refused("escape:parse_user #\n", missing);
  assert_refused("# far away\n\nescape:parse_user\n",
                 "3: no comment above or behind it says why to suppress 'escape:parse_user'");
  assert_refused("#\nescape:parse_user\n",
                 "2: no comment above or behind it says why to suppress 'escape:parse_user'");
}

static void a_line_that_is_wrong_is_named(void **state) {
  (void)state;
  assert_refused("# r\nparse_user\n", "2: expected type:pattern, not 'parse_user'");
  assert_refused("# r\nescape:\n", "2: expected type:pattern, not 'escape:'");
  assert_refused("# r\nescapade:parse_user\n",
                 "2: no class or family of findings is called 'escapade'");
  assert_refused("# r\n:parse_user\n", "2: no class or family of findings is called ''");
  assert_refused("# r\nesc\x1b[2Jape:x\n",
                 "2: no class or family of findings is called 'esc\\x1b[2Jape'");
}

static void a_file_that_cannot_be_read_is_named(void **state) {
  (void)state;
  const struct child *child =
      run_in_child("halt_on_error=0:suppressions=/nowhere/at/all:baseline=/", find_three);
  assert_string_equal(child->printed, "3");
  assert_non_null(
      strstr(child->output, "harena: suppressions: cannot read '/nowhere/at/all' (errno 2)"));
  assert_non_null(strstr(child->output, "harena: baseline: cannot read '/' (errno "));
}

static void what_was_used_is_told_at_exit(void **state) {
  (void)state;
  const struct child *child =
      suppress("# r\nescape:last_user\nleak:main\naccess:x\n", "statistics=1");
  char expected[512];
  snprintf(expected, sizeof expected,
           "harena: suppressions: %s:2: escape:last_user used 2 times\n"
           "harena: suppressions: %s:3: leak:main used 1 time\n"
           "harena: suppressions: %s:4: access:x never used\n",
           path, path, path);
  assert_string_equal(child->output, expected);
}

static void find_and_reach_the_end(void) {
  find_leak();
  printf("the end");
}

static void what_is_suppressed_does_not_end_the_program(void **state) {
  (void)state;
  char options[128];
  write_file("leak:main # lives as long as the program\n");
  snprintf(options, sizeof options, "suppressions=%s", path);
  assert_string_equal(run_in_child(options, find_and_reach_the_end)->printed, "the end");
  snprintf(options, sizeof options, "suppressions=%s/none:exitcode=7", folder);
  assert_int_equal(run_in_child(options, find_and_reach_the_end)->exit_code, 7);
}

/* ---- The baseline --------------------------------------------------------------------------- */

static const char escape_signature[] =
    "HARENA-SIGNATURE\tescaped-reference\tparse_user\thandle\tglobal:last_user\n";
static const char leak_signature[] = "HARENA-SIGNATURE\tleaked-arena\tmain\t-\tother\n";

static const struct child *expect(const char *lines, const char *options) {
  char all[256];
  write_file(lines);
  snprintf(all, sizeof all, "halt_on_error=0:baseline=%s:%s", path, options);
  return run_in_child(all, find_three_and_exit);
}

static void assert_new(const char *lines, const char *count) {
  const struct child *child = expect(lines, "");
  assert_string_equal(child->printed, count);
  assert_int_equal(occurrences(child->output, "HARENA-SIGNATURE"), atoi(count));
  assert_int_equal(occurrences(child->output, "ignored"), 0);
}

static void known_findings_are_counted(void **state) {
  (void)state;
  char lines[512];
  assert_new("", "3");
  snprintf(lines, sizeof lines, "      2 %s      1 %s", escape_signature, leak_signature);
  assert_new(lines, "0");
  snprintf(lines, sizeof lines, "      1 %s", escape_signature);
  assert_new(lines, "2"); /* one more than is known */
  snprintf(lines, sizeof lines, "# a comment\n\n%s", leak_signature);
  assert_new(lines, "2"); /* a line without a count is one */
  snprintf(lines, sizeof lines, "2 %s", escape_signature + strlen("HARENA-SIGNATURE\t"));
  assert_new(lines, "1"); /* of JSON */
}

/* As docs/report-formats.md says to make one. */
static void a_baseline_is_made_of_a_log(void **state) {
  (void)state;
  char command[256], options[128];
  snprintf(path, sizeof path, "%s/log", folder);
  snprintf(options, sizeof options, "halt_on_error=0:log_path=%s", path);
  run_in_child(options, find_three);
  snprintf(command, sizeof command, "grep -h ^HARENA-SIGNATURE %s | sort | uniq -c > %s/file", path,
           folder);
  assert_int_equal(system(command), 0);
  assert_int_equal(remove(path), 0);
  snprintf(options, sizeof options, "baseline=%s/file", folder);
  const struct child *child = run_in_child(options, find_three);
  assert_string_equal(child->printed, "0");
  assert_int_equal(child->exit_code, 0);
}

static void a_line_that_is_no_signature_is_named(void **state) {
  (void)state;
  const struct child *child = expect("3 apples\n", "");
  assert_string_equal(child->printed, "3");
  char expected[256];
  snprintf(expected, sizeof expected,
           "harena: baseline: %s:1: expected a count and a signature, not '3 apples'; the line is "
           "ignored\n",
           path);
  assert_memory_equal(child->output, expected, strlen(expected));
}

static void what_was_known_is_told_at_exit(void **state) {
  (void)state;
  char lines[512];
  snprintf(lines, sizeof lines, "5 %s", escape_signature);
  const struct child *child = expect(lines, "statistics=1");
  const char *end =
      "harena: baseline: found 2 of 5 known: escaped-reference\tparse_user\thandle\t"
      "global:last_user\n";
  assert_string_equal(child->output + strlen(child->output) - strlen(end), end);
}

/* ---- All of it ------------------------------------------------------------------------------ */

static int make_folder(void **state) {
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  snprintf(path, sizeof path, "%s/file", folder);
  remove(path);
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_class_and_by_family),
      cmocka_unit_test(by_every_name_in_the_report),
      cmocka_unit_test(a_reason_is_above_or_behind),
      cmocka_unit_test(a_line_without_a_reason_is_named),
      cmocka_unit_test(a_line_that_is_wrong_is_named),
      cmocka_unit_test(a_file_that_cannot_be_read_is_named),
      cmocka_unit_test(what_was_used_is_told_at_exit),
      cmocka_unit_test(what_is_suppressed_does_not_end_the_program),
      cmocka_unit_test(known_findings_are_counted),
      cmocka_unit_test(a_baseline_is_made_of_a_log),
      cmocka_unit_test(a_line_that_is_no_signature_is_named),
      cmocka_unit_test(what_was_known_is_told_at_exit),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
