/* A library built without MemorySanitizer in a program that runs under it: this test is compiled
 * without, and linked with, -fsanitize=memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "shadow/shadow.h"
#include "surroundings.h"

enum { AUTO, GUARD = 4 };

static char text[4096];

static void pick(void) { harena__tool(); }

static void pick_guard(void) {
  surrounding_options.shadow = GUARD;
  require(strcmp(harena__tool()->name, "guard") == 0);
}

static void test_is_refused(void **state) {
  (void)state;
  int status = in_child_captured(pick, text, sizeof text);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 1);
  assert_non_null(strstr(text, "built with MemorySanitizer"));
  assert_non_null(strstr(text, "-Db_sanitize=memory"));
  assert_non_null(strstr(text, "shadow=guard"));
}

static void test_guard_goes_on(void **state) {
  (void)state;
  assert_int_equal(in_child_captured(pick_guard, text, sizeof text), 0);
  assert_string_equal(text, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_is_refused),
      cmocka_unit_test(test_guard_goes_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
