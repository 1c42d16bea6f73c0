/* Buffers: a growing writer, in each kind of arena. */
#include "core_test.h"

#include <stdlib.h>

#include "homes.h"

static void assert_holds(const harena_buffer *buffer, const char *text) {
  harena_span span = harena_buffer_view(buffer);
  assert_int_equal(span.length, strlen(text));
  assert_int_equal(harena_buffer_length(buffer), strlen(text));
  assert_true(harena_buffer_capacity(buffer) >= span.length);
  if (span.length > 0) {
    assert_memory_equal(span.data, text, span.length);
  }
}

static harena_buffer new_buffer(harena *arena) {
  harena_buffer buffer;
  memset(&buffer, 0xa5, sizeof buffer);
  harena_buffer_init(&buffer, arena);
  return buffer;
}

static void a_new_one_is_empty(harena *arena) {
  size_t before = used(arena);
  harena_buffer buffer = new_buffer(arena);
  assert_holds(&buffer, "");
  assert_null(harena_buffer_view(&buffer).data);
  assert_int_equal(harena_buffer_capacity(&buffer), 0);
  assert_false(harena_buffer_failed(&buffer));
  assert_int_equal(harena_buffer_bytes(&buffer).capacity, 0);
  assert_true(harena_buffer_write(&buffer, NULL, 0));
  assert_true(harena_buffer_write_string(&buffer, ""));
  harena_buffer_commit(&buffer, 0);
  assert_holds(&buffer, "");
  assert_int_equal(used(arena), before);
  void *copy = harena_buffer_to_heap(&buffer);
  char *string = harena_buffer_string_to_heap(&buffer);
  assert_non_null(copy);
  assert_string_equal(string, "");
  free(copy);
  free(string);
}

static void writes_follow_each_other(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write(&buffer, "one", 3));
  assert_true(harena_buffer_write_byte(&buffer, ' '));
  assert_true(harena_buffer_write_string(&buffer, "two"));
  assert_true(harena_buffer_printf(&buffer, " %s %d", "three", 4));
  assert_holds(&buffer, "one two three 4");
  char *string = harena_buffer_string_to_heap(&buffer);
  assert_string_equal(string, "one two three 4");
  free(string);
  void *copy = harena_buffer_to_heap(&buffer);
  assert_memory_equal(copy, "one two three 4", 15);
  free(copy);
}

static void any_length_is_taken(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  for (size_t i = 0; i < 60000; i++) {
    assert_true(harena_buffer_write_byte(&buffer, (char)(i * 7)));
  }
  harena_span span = harena_buffer_view(&buffer);
  assert_int_equal(span.length, 60000);
  for (size_t i = 0; i < span.length; i++) {
    assert_int_equal(span.data[i], (char)(i * 7));
  }
}

/* Between others' blocks it has to move. */
static void it_moves_with_its_contents(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  char expected[3000] = "";
  for (int i = 0; i < 200; i++) {
    char piece[16];
    snprintf(piece, sizeof piece, "<%d>", i * i);
    strcat(expected, piece);
    assert_true(i % 2 ? harena_buffer_write_string(&buffer, piece)
                      : harena_buffer_printf(&buffer, "<%d>", i * i));
    assert_non_null(harena_alloc(arena, 8, 8));
  }
  assert_holds(&buffer, expected);
}

static void its_own_contents_are_written(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "ab"));
  for (int i = 0; i < 10; i++) {
    harena_span span = harena_buffer_view(&buffer);
    assert_true(harena_buffer_write(&buffer, span.data, span.length));
    assert_non_null(harena_alloc(arena, 8, 8));
  }
  assert_int_equal(harena_buffer_length(&buffer), 2048);
}

/* Formatted pieces that just fit, and just do not, with little room and with more. */
static void formatted_lengths(harena *arena) {
  for (int before = 1; before < 140; before += 23) {
    for (int length = 0; length < 140; length++) {
      char expected[300];
      snprintf(expected, sizeof expected, "%0*d%0*d>", before, 7, length, 0);
      harena_mark mark = harena_save(arena);
      harena_buffer buffer = new_buffer(arena);
      assert_true(harena_buffer_printf(&buffer, "%0*d", before, 7));
      assert_true(harena_buffer_printf(&buffer, "%0*d", length, 0));
      assert_true(harena_buffer_write_byte(&buffer, '>'));
      assert_holds(&buffer, expected);
      harena_rewind(arena, mark);
    }
  }
}

static bool print_arguments(harena_buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  bool done = harena_buffer_vprintf(buffer, format, arguments);
  va_end(arguments);
  return done;
}

static void arguments_are_formatted(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(print_arguments(&buffer, "%d %s", 1, "a longer text than there is room for"));
  assert_true(print_arguments(&buffer, "%c", '.'));
  assert_holds(&buffer, "1 a longer text than there is room for.");
}

static void what_cannot_be_formatted(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "kept"));
  wchar_t wrong[] = {(wchar_t)0x7fffffff, 0};
  assert_refused(arena, HARENA_INVALID, harena_buffer_printf(&buffer, "%ls", wrong));
  assert_true(harena_buffer_failed(&buffer));
  assert_holds(&buffer, "kept");
}

static void room_is_reserved_and_committed(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "a"));
  for (size_t size = 0; size < 100; size++) {
    char *room = harena_buffer_reserve(&buffer, size);
    assert_non_null(room);
    memset(room, 'b', size);
    harena_buffer_commit(&buffer, size / 2);
    harena_buffer_commit(&buffer, size - size / 2);
  }
  assert_int_equal(harena_buffer_length(&buffer), 4951);
  harena_span span = harena_buffer_view(&buffer);
  assert_int_equal(span.data[0], 'a');
  assert_int_equal(span.data[4950], 'b');
}

static void too_much_is_not_committed(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_panics("out of range: commit of 1 bytes, reserved 0", harena_buffer_commit(&buffer, 1));
  assert_non_null(harena_buffer_reserve(&buffer, 10));
  assert_panics("out of range: commit of 11 bytes, reserved 10", harena_buffer_commit(&buffer, 11));
  harena_buffer_commit(&buffer, 4);
  assert_panics("out of range: commit of 7 bytes, reserved 6", harena_buffer_commit(&buffer, 7));
  assert_panics("out of range", harena_buffer_commit(&buffer, SIZE_MAX));
  assert_int_equal(harena_buffer_length(&buffer), 4);
}

static void write_byte(harena_buffer *buffer) { (void)harena_buffer_write_byte(buffer, 'x'); }
static void write_nothing(harena_buffer *buffer) { (void)harena_buffer_write(buffer, NULL, 0); }
static void write_text(harena_buffer *buffer) { (void)harena_buffer_write_string(buffer, "hole"); }
static void print_text(harena_buffer *buffer) { (void)harena_buffer_printf(buffer, "%s", "hole"); }
static void reserve_room(harena_buffer *buffer) { (void)!harena_buffer_reserve(buffer, 1); }

static void (*const ways_to_write[])(harena_buffer *buffer) = {
    write_byte, write_text, print_text, reserve_room, write_nothing,
};
enum {
  WAYS_TO_WRITE = sizeof ways_to_write / sizeof ways_to_write[0],
  WAYS_TO_FAIL = WAYS_TO_WRITE - 1 /* all but writing nothing */
};

/* What a write has put there was not filled by the caller. */
static void assert_ends_reservation(harena *arena, void (*write)(harena_buffer *buffer)) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "before "));
  char *room = harena_buffer_reserve(&buffer, 10);
  assert_non_null(room);
  memset(room, '.', 10);
  harena_buffer_commit(&buffer, 2);
  write(&buffer);
  size_t length = harena_buffer_length(&buffer);
  harena_buffer_commit(&buffer, 0);
  assert_panics("out of range: commit of 1 bytes", harena_buffer_commit(&buffer, 1));
  assert_int_equal(harena_buffer_length(&buffer), length);
  assert_true(harena_buffer_write_string(&buffer, " after"));
  assert_int_equal(harena_buffer_length(&buffer), length + 6);
}

static void a_write_ends_the_reservation(harena *arena) {
  for (size_t way = 0; way < WAYS_TO_WRITE; way++) {
    if (ways_to_write[way] != reserve_room) {
      assert_ends_reservation(arena, ways_to_write[way]);
    }
  }
}

static void sizes_that_wrap_are_refused(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "kept"));
  assert_refused(arena, HARENA_NO_MEMORY, harena_buffer_reserve(&buffer, opaque(SIZE_MAX)));
  assert_true(harena_buffer_failed(&buffer));
  assert_holds(&buffer, "kept");
  harena_buffer_init(&buffer, arena);
  assert_refused(arena, HARENA_NO_MEMORY, harena_buffer_write(&buffer, "", opaque(SIZE_MAX)));
}

static void its_slice_shares_memory(harena *arena) {
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "shared"));
  harena_bytes bytes = harena_buffer_bytes(&buffer);
  harena_bytes_view(arena, harena_bytes_slice(bytes, 0, 1)).data[0] = 'S';
  assert_holds(&buffer, "Shared");
}

/* ---- Failures ---- */

static void a_failure_is_remembered(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 64});
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "kept"));
  assert_refused(arena, HARENA_LIMIT, harena_buffer_printf(&buffer, "%100s", ""));
  assert_true(harena_buffer_failed(&buffer));
  for (int i = 0; i < 2; i++) {
    assert_refused(arena, HARENA_LIMIT, harena_buffer_write_byte(&buffer, 'x'));
    assert_refused(arena, HARENA_LIMIT, harena_buffer_write(&buffer, "x", 1));
    assert_refused(arena, HARENA_LIMIT, harena_buffer_write(&buffer, NULL, 0));
    assert_refused(arena, HARENA_LIMIT, harena_buffer_printf(&buffer, "x"));
    assert_refused(arena, HARENA_LIMIT, harena_buffer_reserve(&buffer, 1));
    harena_set_limit(arena, 0);
  }
  assert_holds(&buffer, "kept");
  harena_buffer_init(&buffer, arena);
  assert_true(harena_buffer_write_string(&buffer, "again"));
  assert_holds(&buffer, "again");
  harena_close(arena);
}

static void assert_panics_again(harena_buffer *buffer, void (*write)(harena_buffer *buffer)) {
  assert_true(harena_buffer_failed(buffer));
  assert_panics("over the limit", write(buffer));
  assert_int_equal(harena_last_status(buffer->arena), HARENA_LIMIT);
  assert_holds(buffer, "it holds");
}

static void assert_panic_is_remembered(void (*write)(harena_buffer *buffer)) {
  harena *arena = harena_open(&(harena_options){.limit = 8, .flags = HARENA_ABORT_ON_FAILURE});
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "it holds"));
  assert_panics("over the limit", write(&buffer));
  assert_true(harena_set_limit(arena, 0));
  for (size_t way = 0; way < WAYS_TO_WRITE; way++) {
    assert_panics_again(&buffer, ways_to_write[way]);
  }
  harena_close(arena);
}

/* A handler that jumps leaves what a result would have left, and the writes that follow panic as
 * well. */
static void a_panic_is_remembered(void **state) {
  (void)state;
  for (size_t first = 0; first < WAYS_TO_FAIL; first++) {
    assert_panic_is_remembered(ways_to_write[first]);
  }
}

static void print_what_cannot_be(harena_buffer *buffer) {
  wchar_t wrong[] = {(wchar_t)0x7fffffff, 0};
  (void)harena_buffer_printf(buffer, "%ls", wrong);
}

static void a_panic_over_a_format_is_remembered(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_ABORT_ON_FAILURE});
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "kept"));
  assert_panics("invalid argument", print_what_cannot_be(&buffer));
  assert_true(harena_buffer_failed(&buffer));
  assert_panics("invalid argument", write_text(&buffer));
  assert_holds(&buffer, "kept");
  harena_close(arena);
}

/* The status tells why even when the arena has forgotten it. */
static void a_failure_outlives_the_status(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8});
  harena_buffer buffer = new_buffer(arena);
  assert_refused(arena, HARENA_LIMIT, harena_buffer_write(&buffer, "too much", opaque(9)));
  harena_clear(arena);
  assert_int_equal(harena_last_status(arena), HARENA_OK);
  assert_refused(arena, HARENA_LIMIT, harena_buffer_write_byte(&buffer, 'x'));
  harena_close(arena);
}

/* The NUL that is written behind the text takes a byte, though it does not count. */
static void formatting_needs_room_for_the_nul(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8});
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_printf(&buffer, "%s", "1234567"));
  assert_refused(arena, HARENA_LIMIT, harena_buffer_printf(&buffer, "%c", '8'));
  assert_holds(&buffer, "1234567");
  harena_buffer_init(&buffer, arena);
  harena_clear(arena);
  assert_true(harena_buffer_write_string(&buffer, "12345678"));
  harena_close(arena);
}

static void a_chain_is_checked_once(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  harena_buffer buffer = new_buffer(arena);
  for (int i = 0; i < 100; i++) {
    harena_buffer_printf(&buffer, "%d, ", i * 1000000);
    harena_buffer_write_string(&buffer, "and ");
  }
  assert_true(harena_buffer_failed(&buffer));
  assert_true(harena_buffer_length(&buffer) > 900);
  assert_memory_equal(harena_buffer_view(&buffer).data, "0, and 1000000, and 2000000, ", 29);
  harena_close(arena);
}

static void a_stale_buffer_panics(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_buffer buffer = new_buffer(arena);
  assert_true(harena_buffer_write_string(&buffer, "text"));
  assert_non_null(harena_buffer_reserve(&buffer, 10));
  harena_clear(arena);
  assert_panics("stale reference", harena_buffer_commit(&buffer, 5));
  assert_panics("stale reference", (void)harena_buffer_view(&buffer));
  assert_panics("stale reference", (void)harena_buffer_write_byte(&buffer, 'x'));
  assert_panics("stale reference", (void)harena_buffer_write(&buffer, "x", 1));
  assert_panics("stale reference", (void)harena_buffer_printf(&buffer, "x"));
  assert_panics("stale reference", (void)!harena_buffer_reserve(&buffer, 1));
  assert_panics("stale reference", (void)!harena_buffer_to_heap(&buffer));
  harena_buffer_init(&buffer, arena);
  assert_true(harena_buffer_write_string(&buffer, "anew"));
  assert_holds(&buffer, "anew");
  harena_close(arena);
}

static void in_homes(void **state) {
  static void (*const uses[])(harena * arena) = {
      a_new_one_is_empty,         writes_follow_each_other,     any_length_is_taken,
      it_moves_with_its_contents, its_own_contents_are_written, formatted_lengths,
      arguments_are_formatted,    what_cannot_be_formatted,     room_is_reserved_and_committed,
      too_much_is_not_committed,  a_write_ends_the_reservation, sizes_that_wrap_are_refused,
      its_slice_shares_memory,
  };
  (void)state;
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
    in_each_home(uses[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_homes),
      cmocka_unit_test(a_failure_is_remembered),
      cmocka_unit_test(a_panic_is_remembered),
      cmocka_unit_test(a_panic_over_a_format_is_remembered),
      cmocka_unit_test(a_failure_outlives_the_status),
      cmocka_unit_test(formatting_needs_room_for_the_nul),
      cmocka_unit_test(a_chain_is_checked_once),
      cmocka_unit_test(a_stale_buffer_panics),
  };
  return cmocka_run_group_tests_name("buffers", tests, NULL, NULL);
}
