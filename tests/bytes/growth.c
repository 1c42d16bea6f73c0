/* Where a slice goes when its capacity is used up, what that costs, and what it leaves behind. */
#include "core_test.h"

static harena_bytes appended(harena *arena, harena_bytes bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    assert_true(harena_bytes_append_byte(arena, &bytes, (char)(bytes.length * 7 + 1)));
  }
  return bytes;
}

static void assert_intact(const harena *arena, harena_bytes bytes) {
  harena_span span = harena_bytes_view(arena, bytes);
  for (size_t i = 0; i < span.length; i++) {
    assert_int_equal(span.data[i], (char)(i * 7 + 1));
  }
}

static void the_last_one_grows_where_it_is(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 65536});
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 1);
  const void *place = bytes.data.address;
  bytes = appended(arena, bytes, 9999);
  assert_ptr_equal(bytes.data.address, place);
  assert_int_equal(used(arena), bytes.capacity);
  assert_int_equal(bytes.capacity, 16384);
  assert_intact(arena, bytes);
  harena_close(arena);
}

static void another_one_moves(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 16);
  harena_bytes old = bytes;
  assert_non_null(harena_alloc(arena, 8, 8));
  size_t before = used(arena);
  bytes = appended(arena, bytes, 1);
  assert_ptr_not_equal(bytes.data.address, old.data.address);
  assert_int_equal(bytes.capacity, 32);
  assert_int_equal(used(arena), before + 32);
  assert_intact(arena, bytes);
  harena_close(arena);
}

/* In release its bytes stay until the clear, in the instrumented build it is known to be over. */
static void the_old_place_ends(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 16);
  harena_bytes old = bytes;
  harena_bytes part = harena_bytes_slice(old, 3, 5);
  assert_non_null(harena_alloc(arena, 8, 8));
  bytes = appended(arena, bytes, 1);
  if (harena_instrumented()) {
    assert_panics("stale reference", (void)harena_bytes_view(arena, old));
    assert_panics("stale reference", (void)harena_bytes_view(arena, part));
  } else {
    assert_intact(arena, old);
    assert_int_equal(harena_bytes_view(arena, part).data[1], (char)(4 * 7 + 1));
  }
  harena_close(arena);
}

/* Others may look at what is before it. */
static void a_sub_slice_ends_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes whole = appended(arena, (harena_bytes){0}, 16);
  harena_bytes part = harena_bytes_slice(whole, 5, 16);
  assert_non_null(harena_alloc(arena, 8, 8));
  assert_true(harena_bytes_append_byte(arena, &part, '!'));
  assert_intact(arena, whole);
  assert_int_equal(harena_bytes_view(arena, part).data[0], harena_bytes_view(arena, whole).data[5]);
  assert_int_equal(harena_bytes_view(arena, part).data[11], '!');
  harena_close(arena);
}

static void a_sub_slice_grows_where_it_is(void **state) {
  (void)state;
  for (size_t low = 0; low < 16; low++) {
    harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
    harena_bytes whole = appended(arena, (harena_bytes){0}, 16);
    harena_bytes part = harena_bytes_slice(whole, low, 16);
    part = appended(arena, part, 1000);
    assert_ptr_equal(part.data.address, (char *)whole.data.address + low);
    assert_int_equal(used(arena), low + part.capacity);
    assert_int_equal(harena_measure(arena).data_bytes, low + part.capacity);
    assert_int_equal(harena_measure(arena).allocations, 1);
    assert_intact(arena, whole);
    harena_close(arena);
  }
}

/* However a chunk happens to end: the youngest is charged for the difference. */
static void the_charge_does_not_depend_on_the_layout(void **state) {
  (void)state;
  for (size_t low = 0; low < 9; low++) {
    harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
    harena_bytes whole = appended(arena, (harena_bytes){0}, 16);
    harena_bytes part = appended(arena, harena_bytes_slice(whole, low, 16), 200000);
    size_t charge = charge_of(low + part.capacity);
    assert_int_equal(used(arena), charge);
    assert_int_equal(harena_measure(arena).data_bytes, charge);
    assert_int_equal(harena_measure(arena).allocations, 1);
    assert_figures_agree(arena, true);
    harena_close(arena);
  }
}

static void a_mark_is_not_crossed(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 16);
  harena_bytes old = bytes;
  harena_mark mark = harena_save(arena);
  bytes = appended(arena, bytes, 1);
  assert_ptr_not_equal(bytes.data.address, old.data.address);
  assert_intact(arena, bytes);
  const void *place = bytes.data.address;
  bytes = appended(arena, bytes, 100);
  assert_ptr_equal(bytes.data.address, place);
  harena_rewind(arena, mark);
  assert_panics("stale reference", (void)harena_bytes_view(arena, bytes));
  harena_close(arena);
}

static void within_the_capacity_marks_do_not_matter(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes;
  assert_true(harena_bytes_make(arena, 0, 100, &bytes));
  harena_mark mark = harena_save(arena);
  bytes = appended(arena, bytes, 100);
  harena_rewind(arena, mark);
  assert_int_equal(bytes.capacity, 100);
  assert_intact(arena, bytes);
  harena_close(arena);
}

/* It takes what is left rather than twice its size. */
static void a_limit_is_used_up(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 1000);
  assert_int_equal(used(arena), 1000);
  harena_bytes before = bytes;
  assert_refused(arena, HARENA_LIMIT, harena_bytes_append_byte(arena, &bytes, 'x'));
  assert_memory_equal(&bytes, &before, sizeof bytes);
  assert_intact(arena, bytes);
  assert_true(harena_set_limit(arena, 2000));
  assert_intact(arena, appended(arena, bytes, 1000));
  harena_close(arena);
}

static void a_buffer_is_used_up(void **state) {
  (void)state;
  static _Alignas(16) char memory[HARENA_OVERHEAD + 1000];
  harena *arena = harena_open_in(memory, sizeof memory, NULL);
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 1000);
  assert_refused(arena, HARENA_NO_MEMORY, harena_bytes_append_byte(arena, &bytes, 'x'));
  assert_intact(arena, bytes);
  assert_int_equal(used(arena), 1000);
  harena_close(arena);
}

/* The last byte of a block's charge is taken by a growth that charges nothing. */
static void assert_grows_into_its_charge(harena *arena, bool counted) {
  harena_bytes bytes;
  assert_true(harena_bytes_make(arena, 0, 63, &bytes));
  bytes = appended(arena, bytes, 64);
  assert_int_equal(bytes.capacity, 64);
  assert_int_equal(used(arena), 64);
  assert_figures_agree(arena, counted);
  if (counted || harena_instrumented()) {
    assert_int_equal(harena_measure(arena).data_bytes, 64);
  }
  assert_int_equal(harena_check(arena), 0);
  assert_intact(arena, bytes);
  harena_close(arena);
}

static void the_charge_is_used_up(void **state) {
  (void)state;
  static _Alignas(16) char memory[HARENA_OVERHEAD + 64];
  assert_grows_into_its_charge(harena_open_in(memory, sizeof memory, NULL), false);
  assert_grows_into_its_charge(harena_open(&(harena_options){.limit = 64}), false);
  harena_options counted = {.limit = 64, .flags = HARENA_COUNT};
  assert_grows_into_its_charge(harena_open(&counted), true);
}

static void a_parents_limit_counts(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 65536});
  harena *arena = harena_open(&(harena_options){.parent = parent});
  harena_bytes bytes = {0};
  while (harena_bytes_append_byte(arena, &bytes, (char)(bytes.length * 7 + 1))) {
  }
  assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
  assert_true(bytes.length > 16384);
  assert_intact(arena, bytes);
  harena_close(parent);
}

/* Each refusal is a finding as well. */
const char *harena_default_options(void) { return "halt_on_error=0"; }

static void refused_while_cleanups_run(void *context) {
  harena_bytes *bytes = context;
  harena *arena = bytes[1].data.address;
  harena_bytes within = bytes[0];
  assert_true(harena_bytes_append_byte(arena, &within, 'x'));
  assert_false(harena_bytes_append(arena, &within, "more than there is room for", 27));
  assert_int_equal(harena_last_status(arena), HARENA_INVALID);
  harena_bytes made;
  assert_false(harena_bytes_make(arena, 1, 1, &made));
}

static void a_cleanup_may_not_grow(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes[2];
  assert_true(harena_bytes_make(arena, 0, 8, &bytes[0]));
  bytes[1].data.address = arena;
  assert_true(harena_defer(arena, refused_while_cleanups_run, bytes));
  harena_clear(arena);
  harena_close(arena);
}

static void shortage_may_panic(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 64, .flags = HARENA_ABORT_ON_FAILURE});
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 64);
  assert_panics("over the limit", (void)harena_bytes_append_byte(arena, &bytes, 'x'));
  assert_int_equal(bytes.length, 64);
  assert_intact(arena, bytes);
  harena_close(arena);
}

/* Copies that both grow by a byte: nothing of the arena is harmed. */
static void copies_may_part(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes one;
  assert_true(harena_bytes_make(arena, 0, 5, &one));
  one = appended(arena, one, 5);
  harena_bytes other = one;
  one = appended(arena, one, 3);
  other = appended(arena, other, 3);
  assert_intact(arena, one);
  assert_intact(arena, other);
  assert_int_equal(harena_check(arena), 0);
  harena_close(arena);
}

/* In memory that is used again: what is known of the dead blocks there must not be taken for what
 * is known of the slice. */
static void dead_blocks_are_grown_over(void **state) {
  (void)state;
  static _Alignas(16) char memory[HARENA_OVERHEAD + 4096];
  harena *arena = harena_open_in(memory, sizeof memory, NULL);
  for (int i = 0; i < 40; i++) {
    assert_non_null(harena_alloc(arena, 24, 8));
  }
  harena_clear(arena);
  harena_bytes bytes = appended(arena, (harena_bytes){0}, 900);
  for (size_t low = 0; low < 900; low++) {
    harena_span part = harena_bytes_view(arena, harena_bytes_slice(bytes, low, low + 1));
    assert_int_equal(*part.data, (char)(low * 7 + 1));
  }
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_one_grows_where_it_is),
      cmocka_unit_test(another_one_moves),
      cmocka_unit_test(the_old_place_ends),
      cmocka_unit_test(a_sub_slice_ends_nothing),
      cmocka_unit_test(a_sub_slice_grows_where_it_is),
      cmocka_unit_test(the_charge_does_not_depend_on_the_layout),
      cmocka_unit_test(a_mark_is_not_crossed),
      cmocka_unit_test(within_the_capacity_marks_do_not_matter),
      cmocka_unit_test(a_limit_is_used_up),
      cmocka_unit_test(a_buffer_is_used_up),
      cmocka_unit_test(the_charge_is_used_up),
      cmocka_unit_test(a_parents_limit_counts),
      cmocka_unit_test(a_cleanup_may_not_grow),
      cmocka_unit_test(shortage_may_panic),
      cmocka_unit_test(copies_may_part),
      cmocka_unit_test(dead_blocks_are_grown_over),
  };
  return cmocka_run_group_tests_name("growth of slices", tests, NULL, NULL);
}
