/* Copies and strings. */
#include <stdio.h>

#include "core_test.h"

static void dup_copies(void **state) {
  (void)state;
  char source[300];
  fill(source, sizeof source, 4);
  harena *arena = harena_open(NULL);
  for (size_t size = 0; size <= sizeof source; size++) {
    char *copy = harena_dup(arena, source, size, 8);
    assert_non_null(copy);
    assert_ptr_not_equal(copy, source);
    assert_filled(copy, size, 4);
  }
  harena_close(arena);
}

static void dup_aligns(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t align = 1; align <= 4096; align *= 2) {
    char *copy = harena_dup(arena, "abc", 4, align);
    assert_true(is_aligned(copy, align));
    assert_string_equal(copy, "abc");
  }
  harena_close(arena);
}

static void dup_of_nothing_is_a_block(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *copy = harena_dup(arena, NULL, opaque(0), 8);
  assert_non_null(copy);
  *copy = 'x';
  assert_int_equal(used(arena), 8);
  harena_close(arena);
}

static void strdup_copies(void **state) {
  (void)state;
  char string[] = "a string";
  harena *arena = harena_open(NULL);
  char *copy = harena_strdup(arena, string);
  string[0] = 'X';
  assert_string_equal(copy, "a string");
  assert_int_equal(used(arena), charge_of(sizeof string));
  assert_string_equal(harena_strdup(arena, ""), "");
  harena_close(arena);
}

static void strings_of_every_length_end_in_nul(void **state) {
  (void)state;
  char string[200];
  harena *arena = harena_open(NULL);
  for (size_t length = 0; length < sizeof string; length++) {
    memset(string, 's', length);
    string[length] = '\0';
    assert_string_equal(harena_strdup(arena, string), string);
    assert_string_equal(harena_strndup(arena, string, length), string);
    assert_string_equal(harena_printf(arena, "%s", string), string);
  }
  harena_close(arena);
}

static void strndup_stops_at_the_length(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_string_equal(harena_strndup(arena, "abcdef", 0), "");
  assert_string_equal(harena_strndup(arena, "abcdef", 3), "abc");
  assert_string_equal(harena_strndup(arena, "abcdef", 6), "abcdef");
  assert_string_equal(harena_strndup(arena, "abcdef", SIZE_MAX), "abcdef");
  harena_close(arena);
}

static void strndup_reads_no_further(void **state) {
  (void)state;
  char open_end[3] = {'a', 'b', 'c'};
  harena *arena = harena_open(NULL);
  assert_string_equal(harena_strndup(arena, open_end, 3), "abc");
  harena_close(arena);
}

static void strndup_charges_what_it_copies(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_non_null(harena_strndup(arena, "0123456789", 7));
  assert_int_equal(used(arena), 8);
  assert_non_null(harena_strndup(arena, "0123", 1000));
  assert_int_equal(used(arena), 16);
  harena_close(arena);
}

static void printf_formats(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_string_equal(harena_printf(arena, "%d-%s-%c-%5.2f", 42, "x", 'y', 1.5), "42-x-y- 1.50");
  assert_string_equal(harena_printf(arena, "%%"), "%");
  assert_string_equal(harena_printf(arena, "%s", ""), "");
  harena_close(arena);
}

static void printf_charges_the_length_and_a_nul(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_non_null(harena_printf(arena, "%0*d", 7, 1));
  assert_int_equal(used(arena), 8);
  assert_non_null(harena_printf(arena, "%0*d", 8, 1));
  assert_int_equal(used(arena), 24);
  harena_close(arena);
}

static void printf_of_a_long_string_takes_a_chunk(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *text = harena_printf(arena, "%*d", 100000, 7);
  assert_non_null(text);
  assert_int_equal(strlen(text), 100000);
  assert_int_equal(text[99999], '7');
  harena_close(arena);
}

HARENA_ATTRIBUTE(format(printf, 2, 3))
static char *print_through(harena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = harena_vprintf(arena, format, arguments);
  va_end(arguments);
  return text;
}

static void vprintf_formats(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_string_equal(print_through(arena, "%s %d %ld %s", "a", 1, 2L, "b"), "a 1 2 b");
  harena_close(arena);
}

/* A wide character that the locale has no bytes for. */
static void what_printf_cannot_print_is_invalid(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  const int surrogate[] = {0xD800, 0};
  const char *volatile format = "%ls";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
  assert_refused(arena, HARENA_INVALID, harena_printf(arena, format, (const void *)surrogate));
#pragma GCC diagnostic pop
  harena_close(arena);
}

static void strings_over_the_limit_are_refused(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 16});
  const char *long_string = "0123456789abcdef";
  assert_refused(arena, HARENA_LIMIT, harena_strdup(arena, long_string));
  assert_refused(arena, HARENA_LIMIT, harena_strndup(arena, long_string, 16));
  assert_refused(arena, HARENA_LIMIT, harena_dup(arena, long_string, 17, 1));
  assert_refused(arena, HARENA_LIMIT, harena_printf(arena, "%s", long_string));
  assert_refused(arena, HARENA_LIMIT, print_through(arena, "%s", long_string));
  assert_string_equal(harena_strndup(arena, long_string, 15), "0123456789abcde");
  harena_close(arena);
}

/* Strings may come from the arena itself. */
static void sources_may_lie_in_the_arena(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *text = harena_strdup(arena, "x");
  for (int i = 0; i < 12; i++) {
    text = harena_printf(arena, "%s%s", text, text);
    assert_non_null(text);
    text = harena_strdup(arena, text);
  }
  assert_int_equal(strlen(text), 4096);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dup_copies),
      cmocka_unit_test(dup_aligns),
      cmocka_unit_test(dup_of_nothing_is_a_block),
      cmocka_unit_test(strdup_copies),
      cmocka_unit_test(strings_of_every_length_end_in_nul),
      cmocka_unit_test(strndup_stops_at_the_length),
      cmocka_unit_test(strndup_reads_no_further),
      cmocka_unit_test(strndup_charges_what_it_copies),
      cmocka_unit_test(printf_formats),
      cmocka_unit_test(printf_charges_the_length_and_a_nul),
      cmocka_unit_test(printf_of_a_long_string_takes_a_chunk),
      cmocka_unit_test(vprintf_formats),
      cmocka_unit_test(what_printf_cannot_print_is_invalid),
      cmocka_unit_test(strings_over_the_limit_are_refused),
      cmocka_unit_test(sources_may_lie_in_the_arena),
  };
  return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
