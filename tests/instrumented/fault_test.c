/* Faults without a tool, as the library reports them in a signal handler. HARENA_OPTIONS, which are
 * read before main(), are guard=exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

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

static void use_after_clear(char *(*parse)(harena *arena)) {
  signal(SIGSEGV, SIG_DFL); /* instead of cmocka's handler, before the library looks */
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
  char user[256], again[256], item[256];
  take_signature(user, sizeof user, use_user);
  take_signature(again, sizeof again, use_user);
  take_signature(item, sizeof item, use_item);
  assert_string_equal(user, again);
  assert_string_not_equal(user, item);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_programs_own_function_stands_for_a_finding),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
