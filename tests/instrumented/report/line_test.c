/* Lines: what goes in, and what must not come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/line.h"

static void assert_name(const char *name, const char *expected) {
  harena__line line = {0};
  harena__add_name(&line, name);
  assert_string_equal(line.text, expected);
}

static void numbers(void **state) {
  (void)state;
  harena__line line = {0};
  harena__add_number(&line, 0);
  harena__add(&line, " ");
  harena__add_number(&line, UINT64_MAX);
  harena__add(&line, " ");
  harena__add_signed(&line, INT64_MIN);
  harena__add(&line, " ");
  harena__add_signed(&line, INT64_MAX);
  harena__add(&line, " ");
  harena__add_hex(&line, 0xdeadbeef01u);
  harena__add(&line, " ");
  harena__add_byte(&line, 0x0a);
  assert_string_equal(line.text,
                      "0 18446744073709551615 -9223372036854775808 9223372036854775807 "
                      "0xdeadbeef01 0a");
  assert_int_equal(line.length, strlen(line.text));
}

static void columns(void **state) {
  (void)state;
  harena__line line = {0};
  harena__add(&line, "ab");
  harena__add_column(&line, 5);
  harena__add(&line, "c");
  harena__add_column(&line, 2);
  harena__add(&line, "d");
  assert_string_equal(line.text, "ab   c d");
}

static void names_as_they_are(void **state) {
  (void)state;
  assert_name("", "");
  assert_name("a name~", "a name~");
  assert_name("Zürich ≤ 東京 🏜", "Zürich ≤ 東京 🏜");
  assert_name("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
              "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");
}

static void names_that_are_escaped(void **state) {
  (void)state;
  assert_name("a\nb\tc\x1b[0m\x7f", "a\\x0ab\\x09c\\x1b[0m\\x7f");
  assert_name(
      "\xc2\x9b"
      "31m",
      "\\xc2\\x9b31m");         /* a terminal's escape, as a C1 control */
  assert_name("\x80", "\\x80"); /* no first byte */
  assert_name("\xff\xfe", "\\xff\\xfe");
  assert_name("\xc3", "\\xc3"); /* ends early */
  assert_name(
      "\xe6\x9d"
      "x",
      "\\xe6\\x9dx");
  assert_name("\xc0\xaf", "\\xc0\\xaf"); /* '/', longer than need be */
  assert_name("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
  assert_name("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* a surrogate */
  assert_name("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* over U+10FFFF */
}

static void what_does_not_fit_is_cut(void **state) {
  (void)state;
  harena__line line = {0};
  for (int i = 0; i < HARENA__LINE_SIZE; i++) {
    harena__add(&line, "a");
    assert_int_equal(line.length, strlen(line.text));
  }
  assert_int_equal(line.length, HARENA__LINE_SIZE - 1);
  assert_string_equal(line.text + line.length - 4, "a...");
  harena__add(&line, "more");
  assert_int_equal(line.length, HARENA__LINE_SIZE - 1);
  assert_string_equal(line.text + line.length - 4, "a...");
}

static void a_full_line_is_not_cut(void **state) {
  (void)state;
  harena__line line = {0};
  for (int i = 0; i < HARENA__LINE_SIZE - 1; i++) {
    harena__add(&line, "a");
  }
  assert_string_equal(line.text + line.length - 4, "aaaa");
}

static void no_character_is_cut_in_two(void **state) {
  (void)state;
  for (int before = 0; before < 4; before++) {
    harena__line line = {0};
    for (int i = 0; i < before; i++) {
      harena__add(&line, "a");
    }
    for (int i = 0; i < HARENA__LINE_SIZE; i++) {
      harena__add_name(&line, "東");
    }
    size_t length = strlen(line.text);
    assert_string_equal(line.text + length - strlen("東..."), "東...");
    assert_true(length > HARENA__LINE_SIZE - 1 - strlen("東"));
    assert_int_equal((length - (size_t)before - 3) % strlen("東"), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),
      cmocka_unit_test(columns),
      cmocka_unit_test(names_as_they_are),
      cmocka_unit_test(names_that_are_escaped),
      cmocka_unit_test(what_does_not_fit_is_cut),
      cmocka_unit_test(no_character_is_cut_in_two),
      cmocka_unit_test(a_full_line_is_not_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
