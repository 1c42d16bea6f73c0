/* Byte slices: each function at its limits, in each kind of arena. */
#include <stdlib.h>

#include "core_test.h"
#include "homes.h"

static const harena_bytes untouched = {{NULL, 7}, 8, 9};

static void assert_same(harena_bytes a, harena_bytes b) {
  assert_ptr_equal(a.data.address, b.data.address);
  assert_int_equal(a.data.epoch, b.data.epoch);
  assert_int_equal(a.length, b.length);
  assert_int_equal(a.capacity, b.capacity);
}

static void assert_holds(const harena *arena, harena_bytes bytes, const char *text) {
  harena_span span = harena_bytes_view(arena, bytes);
  assert_int_equal(span.length, strlen(text));
  if (span.length > 0) {
    assert_memory_equal(span.data, text, span.length);
  }
}

static harena_bytes slice_of(harena *arena, const char *text) {
  harena_bytes bytes;
  assert_true(harena_bytes_embed(arena, text, strlen(text), &bytes));
  return bytes;
}

/* ---- The empty slice ---- */

static void zeroed_is_empty(harena *arena) {
  harena_bytes bytes = {0};
  harena_span span = harena_bytes_view(arena, bytes);
  assert_null(span.data);
  assert_int_equal(span.length, 0);
  assert_string_equal(harena_bytes_string(arena, bytes), "");
  void *copy = harena_bytes_to_heap(arena, bytes);
  char *string = harena_bytes_string_to_heap(arena, bytes);
  assert_non_null(copy);
  assert_string_equal(string, "");
  free(copy);
  free(string);
  assert_same(harena_bytes_slice(bytes, 0, 0), bytes);
  assert_panics("out of range: slice [0, 1), length 0, capacity 0",
                (void)harena_bytes_slice(bytes, 0, 1));
  assert_true(harena_bytes_append(arena, &bytes, NULL, 0));
  assert_same(bytes, (harena_bytes){0});
  assert_true(harena_bytes_append_string(arena, &bytes, ""));
  assert_true(harena_bytes_append_string(arena, &bytes, "hello"));
  assert_holds(arena, bytes, "hello");
}

static void an_empty_slice_takes_nothing(harena *arena) {
  size_t before = used(arena);
  harena_bytes made = untouched;
  harena_bytes embedded = untouched;
  assert_true(harena_bytes_make(arena, 0, 0, &made));
  assert_true(harena_bytes_embed(arena, NULL, 0, &embedded));
  assert_same(made, (harena_bytes){0});
  assert_same(embedded, (harena_bytes){0});
  assert_int_equal(used(arena), before);
}

/* ---- Making ---- */

static void make_zeroes_the_length(harena *arena) {
  harena_mark mark = harena_save(arena);
  filled_block(arena, 1000, 1);
  harena_rewind(arena, mark);
  for (size_t length = 0; length < 40; length++) {
    harena_bytes bytes;
    assert_true(harena_bytes_make(arena, length, length + 3, &bytes));
    assert_int_equal(bytes.length, length);
    assert_int_equal(bytes.capacity, length + 3);
    assert_zero(harena_bytes_view(arena, bytes).data, length);
    fill(harena_bytes_view(arena, bytes).data, length, 1);
  }
}

static void make_is_charged_as_a_block(harena *arena) {
  size_t before = used(arena);
  harena_bytes bytes;
  assert_true(harena_bytes_make(arena, 1, 1, &bytes));
  assert_true(harena_bytes_make(arena, 0, 13, &bytes));
  assert_true(harena_bytes_embed(arena, "abc", 3, &bytes));
  assert_int_equal(used(arena) - before, 8 + 16 + 8);
}

static void make_refuses(harena *arena) {
  harena_bytes out = untouched;
  assert_refused(arena, HARENA_INVALID, harena_bytes_make(arena, 2, 1, &out));
  assert_refused(arena, HARENA_INVALID, harena_bytes_make(arena, opaque(SIZE_MAX), 0, &out));
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_make(arena, 0, opaque(SIZE_MAX), &out));
  size_t most = PTRDIFF_MAX;
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_make(arena, 0, opaque(most + 1), &out));
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_embed(arena, "", opaque(SIZE_MAX), &out));
  assert_same(out, untouched);
}

/* The largest size there is a legal one: it is refused for want of memory, or by a limit. */
static void make_refuses_the_largest_size(harena *arena) {
  harena_bytes out = untouched;
  size_t before = used(arena);
  size_t most = PTRDIFF_MAX;
  assert_false(harena_bytes_make(arena, 0, opaque(most), &out));
  assert_int_not_equal(harena_last_status(arena), HARENA_INVALID);
  assert_false(harena_bytes_make(arena, opaque(most), opaque(most), &out));
  assert_int_not_equal(harena_last_status(arena), HARENA_INVALID);
  assert_same(out, untouched);
  assert_int_equal(used(arena), before);
}

static void embed_copies(harena *arena) {
  char source[] = "some bytes\0with a NUL";
  harena_bytes bytes;
  assert_true(harena_bytes_embed(arena, source, sizeof source, &bytes));
  source[0] = 'S';
  harena_span span = harena_bytes_view(arena, bytes);
  assert_int_equal(span.length, sizeof source);
  assert_int_equal(bytes.capacity, sizeof source);
  assert_int_equal(span.data[0], 's');
  assert_memory_equal(span.data + 1, source + 1, sizeof source - 1);
}

/* ---- Appending ---- */

static void append_fills_the_capacity(harena *arena) {
  harena_bytes bytes;
  assert_true(harena_bytes_make(arena, 0, 5, &bytes));
  const void *place = bytes.data.address;
  size_t before = used(arena);
  assert_true(harena_bytes_append(arena, &bytes, "ab", 2));
  assert_true(harena_bytes_append_byte(arena, &bytes, 'c'));
  assert_true(harena_bytes_append_string(arena, &bytes, "de"));
  assert_int_equal(bytes.capacity, 5);
  assert_ptr_equal(bytes.data.address, place);
  assert_int_equal(used(arena), before);
  assert_holds(arena, bytes, "abcde");
  assert_true(harena_bytes_append_byte(arena, &bytes, 'f'));
  assert_true(bytes.capacity >= 6);
  assert_holds(arena, bytes, "abcdef");
}

static void append_byte_by_byte(harena *arena) {
  harena_bytes bytes = {0};
  for (int i = 0; i < 10000; i++) {
    assert_true(harena_bytes_append_byte(arena, &bytes, (char)i));
  }
  harena_span span = harena_bytes_view(arena, bytes);
  assert_int_equal(span.length, 10000);
  for (int i = 0; i < 10000; i++) {
    assert_int_equal(span.data[i], (char)i);
  }
}

static void append_the_slice_itself(harena *arena) {
  harena_bytes bytes = slice_of(arena, "ab");
  for (int i = 0; i < 10; i++) {
    harena_span span = harena_bytes_view(arena, bytes);
    assert_true(harena_bytes_append(arena, &bytes, span.data, span.length));
    assert_non_null(harena_alloc(arena, 8, 8));
  }
  harena_span span = harena_bytes_view(arena, bytes);
  assert_int_equal(span.length, 2048);
  for (size_t i = 0; i < span.length; i++) {
    assert_int_equal(span.data[i], "ab"[i % 2]);
  }
}

/* Appending the end of a slice to its beginning. */
static void bytes_are_taken_out_of_the_middle(harena *arena) {
  harena_bytes whole = slice_of(arena, "0123456789");
  harena_bytes head = harena_bytes_slice(whole, 0, 3);
  harena_span tail = harena_bytes_view(arena, harena_bytes_slice(whole, 5, 10));
  assert_true(harena_bytes_append(arena, &head, tail.data, tail.length));
  assert_holds(arena, head, "01256789");
}

static void append_refuses(harena *arena) {
  harena_bytes bytes = slice_of(arena, "kept");
  harena_bytes before = bytes;
  size_t most = PTRDIFF_MAX;
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_append(arena, &bytes, "", opaque(SIZE_MAX)));
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_append(arena, &bytes, "", opaque(most)));
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_append(arena, &bytes, "", opaque(most - 3)));
  harena_bytes empty = {0};
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_append(arena, &empty, "", opaque(SIZE_MAX)));
  assert_same(empty, (harena_bytes){0});
  assert_same(bytes, before);
  assert_holds(arena, bytes, "kept");
}

/* ---- Slicing ---- */

static void slices_share_memory(harena *arena) {
  harena_bytes whole = slice_of(arena, "hello, world");
  harena_bytes part = harena_bytes_slice(whole, 7, 12);
  assert_holds(arena, part, "world");
  assert_int_equal(part.capacity, 5);
  harena_bytes_view(arena, part).data[0] = 'W';
  assert_holds(arena, whole, "hello, World");
  harena_bytes head = harena_bytes_slice(whole, 0, 5);
  assert_int_equal(head.capacity, 12);
  assert_true(harena_bytes_append_string(arena, &head, "! W"));
  assert_holds(arena, whole, "hello! World");
}

static void slices_reach_the_capacity(harena *arena) {
  harena_bytes bytes;
  assert_true(harena_bytes_make(arena, 2, 10, &bytes));
  harena_bytes rest = harena_bytes_slice(bytes, 2, 10);
  assert_int_equal(rest.length, 8);
  assert_int_equal(rest.capacity, 8);
  memcpy(harena_bytes_view(arena, rest).data, "12345678", 8);
  assert_holds(arena, harena_bytes_slice(bytes, 2, 10), "12345678");
  assert_holds(arena, harena_bytes_slice(bytes, 4, 4), "");
  assert_int_equal(harena_bytes_slice(bytes, 4, 4).capacity, 6);
  assert_same(harena_bytes_slice(bytes, 10, 10), (harena_bytes){0});
  assert_same(harena_bytes_slice(bytes, 0, 2), bytes);
}

static void slices_panic_out_of_range(harena *arena) {
  harena_bytes bytes;
  assert_true(harena_bytes_make(arena, 2, 10, &bytes));
  assert_panics("out of range: slice [0, 11), length 2, capacity 10",
                (void)harena_bytes_slice(bytes, 0, 11));
  assert_panics("out of range: slice [11, 11), length 2, capacity 10",
                (void)harena_bytes_slice(bytes, 11, 11));
  assert_panics("out of range: slice [2, 1), length 2, capacity 10",
                (void)harena_bytes_slice(bytes, 2, 1));
  assert_panics("out of range", (void)harena_bytes_slice(bytes, 0, SIZE_MAX));
  assert_panics("out of range", (void)harena_bytes_slice(bytes, SIZE_MAX, 0));
}

/* ---- Copies out ---- */

static void copies_outlive_the_arena(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes = slice_of(arena, "text");
  char *copy = harena_bytes_to_heap(arena, bytes);
  char *string = harena_bytes_string_to_heap(arena, harena_bytes_slice(bytes, 1, 3));
  harena_close(arena);
  assert_memory_equal(copy, "text", 4);
  assert_string_equal(string, "ex");
  free(copy);
  free(string);
}

static void a_string_is_a_copy(harena *arena) {
  harena_bytes bytes = slice_of(arena, "text");
  char *string = harena_bytes_string(arena, bytes);
  harena_bytes_view(arena, bytes).data[0] = 'T';
  assert_string_equal(string, "text");
}

static void assert_copied(const harena *arena, harena_bytes bytes, const char *text) {
  char *copy = harena_bytes_to_heap(arena, bytes);
  char *string = harena_bytes_string_to_heap(arena, bytes);
  assert_non_null(copy);
  assert_memory_equal(copy, text, strlen(text));
  assert_string_equal(string, text);
  free(copy);
  free(string);
}

/* Each way to be empty, and what is not. */
static void slices_are_copied_to_the_heap(harena *arena) {
  harena_bytes made;
  assert_true(harena_bytes_make(arena, 0, 5, &made));
  harena_bytes text = slice_of(arena, "text");
  size_t before = used(arena);
  assert_copied(arena, (harena_bytes){0}, "");
  assert_copied(arena, made, "");
  assert_copied(arena, harena_bytes_slice(text, 2, 2), "");
  assert_copied(arena, harena_bytes_slice(text, 4, 4), "");
  assert_copied(arena, harena_bytes_slice(text, 3, 4), "t");
  assert_copied(arena, text, "text");
  assert_int_equal(used(arena), before);
}

static void slices_become_strings(harena *arena) {
  harena_bytes made;
  assert_true(harena_bytes_make(arena, 0, 5, &made));
  harena_bytes text = slice_of(arena, "text");
  assert_string_equal(harena_bytes_string(arena, made), "");
  assert_string_equal(harena_bytes_string(arena, harena_bytes_slice(text, 4, 4)), "");
  assert_string_equal(harena_bytes_string(arena, harena_bytes_slice(text, 3, 4)), "t");
  assert_string_equal(harena_bytes_string(arena, text), "text");
}

/* ---- Shortage ---- */

#define assert_short(arena, why, call)                                          \
  do {                                                                          \
    harena_metrics figures_before = harena_measure(arena);                      \
    assert_refused(arena, why, call);                                           \
    harena_metrics figures_after = harena_measure(arena);                       \
    assert_memory_equal(&figures_before, &figures_after, sizeof figures_after); \
  } while (0)

/* The arena has room for 64 bytes. */
static void assert_shortage_changes_nothing(harena *arena, harena_status why) {
  harena_bytes text = slice_of(arena,
                               "0123456789abcdef0123456789abcdef"
                               "0123456789abcdef0123456789abcde");
  harena_bytes grown = text;
  harena_bytes out = untouched;
  harena_bytes empty = {0};
  assert_true(harena_bytes_append_byte(arena, &grown, 'f'));
  harena_bytes before = grown;
  assert_short(arena, why, harena_bytes_make(arena, 1, 1, &out));
  assert_short(arena, why, harena_bytes_embed(arena, "x", 1, &out));
  assert_short(arena, why, harena_bytes_append(arena, &empty, "x", 1));
  assert_short(arena, why, harena_bytes_string(arena, grown));
  assert_short(arena, why, harena_bytes_string(arena, (harena_bytes){0}));
  assert_short(arena, why, harena_bytes_append_byte(arena, &grown, 'x'));
  assert_short(arena, why, harena_bytes_append(arena, &grown, "xy", 2));
  assert_short(arena, why, harena_bytes_append_string(arena, &grown, "xy"));
  assert_same(grown, before);
  assert_same(out, untouched);
  assert_same(empty, (harena_bytes){0});
  assert_int_equal(harena_bytes_view(arena, grown).data[63], 'f');
  assert_copied(arena, harena_bytes_slice(grown, 60, 64), "cdef");
}

static void shortage_changes_nothing(void **state) {
  (void)state;
  static _Alignas(16) char buffer[HARENA_OVERHEAD + 64];
  harena *fixed = harena_open_in(buffer, sizeof buffer, NULL);
  assert_shortage_changes_nothing(fixed, HARENA_NO_MEMORY);
  harena_close(fixed);
  static const unsigned flags[] = {0, HARENA_COUNT, HARENA_RECYCLE};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    harena_options options = {.limit = 64, .flags = flags[i]};
    harena *limited = harena_open(&options);
    assert_shortage_changes_nothing(limited, HARENA_LIMIT);
    harena_close(limited);
  }
}

/* ---- Ends ---- */

static void assert_stale(harena *arena, harena_bytes bytes) {
  assert_panics("stale reference", (void)harena_bytes_view(arena, bytes));
  assert_panics("stale reference", (void)harena_bytes_append_byte(arena, &bytes, 'x'));
  assert_panics("stale reference", (void)harena_bytes_append(arena, &bytes, "x", 1));
  assert_panics("stale reference", (void)harena_bytes_append(arena, &bytes, NULL, 0));
  assert_panics("stale reference", (void)!harena_bytes_string(arena, bytes));
  assert_panics("stale reference", (void)!harena_bytes_to_heap(arena, bytes));
  assert_panics("stale reference", (void)!harena_bytes_string_to_heap(arena, bytes));
}

static void a_stale_slice_panics(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes = slice_of(arena, "text");
  harena_bytes part = harena_bytes_slice(bytes, 1, 2);
  harena_clear(arena);
  assert_stale(arena, bytes);
  assert_stale(arena, part);
  harena_mark mark = harena_save(arena);
  bytes = slice_of(arena, "text");
  harena_rewind(arena, mark);
  assert_stale(arena, bytes);
  harena_close(arena);
}

static void a_foreign_slice_panics(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  harena_bytes bytes = slice_of(arena, "text");
  assert_panics("reference of another arena", (void)harena_bytes_view(other, bytes));
  assert_panics("reference of another arena", (void)harena_bytes_append_byte(other, &bytes, 'x'));
  harena_close(other);
  harena_close(arena);
}

/* Slicing what is stale touches nothing of what has taken its place. */
static void slicing_a_stale_slice_opens_nothing(void **state) {
  (void)state;
  static _Alignas(16) char buffer[HARENA_OVERHEAD + 4096];
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  harena_bytes old;
  assert_true(harena_bytes_make(arena, 0, 100, &old));
  harena_clear(arena);
  harena_bytes young;
  assert_true(harena_bytes_make(arena, 0, 100, &young));
  harena_bytes part = harena_bytes_slice(old, 0, 100);
  assert_panics("stale reference", (void)harena_bytes_view(arena, part));
  assert_int_equal(harena_check(arena), 0);
  harena_close(arena);
}

static void in_homes(void **state) {
  static void (*const uses[])(harena * arena) = {
      zeroed_is_empty,
      an_empty_slice_takes_nothing,
      make_zeroes_the_length,
      make_is_charged_as_a_block,
      make_refuses,
      make_refuses_the_largest_size,
      embed_copies,
      append_fills_the_capacity,
      append_byte_by_byte,
      append_the_slice_itself,
      bytes_are_taken_out_of_the_middle,
      append_refuses,
      slices_share_memory,
      slices_reach_the_capacity,
      slices_panic_out_of_range,
      a_string_is_a_copy,
      slices_are_copied_to_the_heap,
      slices_become_strings,
  };
  (void)state;
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
    in_each_home(uses[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_homes),
      cmocka_unit_test(copies_outlive_the_arena),
      cmocka_unit_test(shortage_changes_nothing),
      cmocka_unit_test(a_stale_slice_panics),
      cmocka_unit_test(a_foreign_slice_panics),
      cmocka_unit_test(slicing_a_stale_slice_opens_nothing),
  };
  return cmocka_run_group_tests_name("slices", tests, NULL, NULL);
}
