/* Patterns of suppressions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/pattern.h"

static void anywhere(void **state) {
  (void)state;
  assert_true(harena__matches("user", "user"));
  assert_true(harena__matches("user", "parse_user_name"));
  assert_true(harena__matches("aab", "aaab")); /* begins again inside what it took */
  assert_false(harena__matches("user", "use"));
  assert_false(harena__matches("user", "User"));
}

static void at_the_ends(void **state) {
  (void)state;
  assert_true(harena__matches("^parse", "parse_user"));
  assert_false(harena__matches("^user", "parse_user"));
  assert_true(harena__matches("user$", "parse_user"));
  assert_true(harena__matches("user$", "user_user")); /* not the first one */
  assert_false(harena__matches("parse$", "parse_user"));
  assert_true(harena__matches("^user$", "user"));
  assert_false(harena__matches("^user$", "users"));
  assert_false(harena__matches("^user$", "a user"));
}

static void stars(void **state) {
  (void)state;
  assert_true(harena__matches("src/*.c", "lib/src/users.c"));
  assert_true(harena__matches("^src/*.c$", "src/a/users.c"));
  assert_false(harena__matches("^src/*.c$", "src/users.cpp"));
  assert_true(harena__matches("^*$", "anything"));
  assert_true(harena__matches("*", "anything"));
  assert_true(harena__matches("^a*b*c$", "a..b..b..c"));
  assert_false(harena__matches("^a*b*c$", "a..c..b"));
  assert_true(harena__matches("^a**b$", "ab"));
  assert_true(harena__matches("a*a", "aa"));
  assert_false(harena__matches("a*a", "a"));
}

static void anchors_elsewhere_are_characters(void **state) {
  (void)state;
  assert_true(harena__matches("a^b", "xa^bx"));
  assert_true(harena__matches("a$b", "xa$bx"));
}

static void nothing_has_no_name(void **state) {
  (void)state;
  assert_false(harena__matches("", ""));
  assert_false(harena__matches("*", ""));
  assert_false(harena__matches("^$", ""));
  assert_true(harena__matches("", "anything"));
  assert_false(harena__matches("^$", "anything"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(anywhere),
      cmocka_unit_test(at_the_ends),
      cmocka_unit_test(stars),
      cmocka_unit_test(anchors_elsewhere_are_characters),
      cmocka_unit_test(nothing_has_no_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
