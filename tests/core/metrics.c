/* The figures of harena_measure. */
#include "core_test.h"
#include "watched_source.h"

static void used_is_what_is_charged_now(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  size_t expected = 0;
  for (size_t size = 0; size < 5000; size += 77) {
    filled_block(arena, size, 1);
    expected += charge_of(size);
    assert_int_equal(used(arena), expected);
    assert_figures_agree(arena, false);
  }
  harena_clear(arena);
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static void without_counting_data_is_used(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 0; size < 100; size++) {
    filled_block(arena, size, 1);
  }
  harena_metrics now = harena_measure(arena);
  if (!harena_instrumented()) {
    assert_int_equal(now.data_bytes, now.used_bytes);
    assert_int_equal(now.padding_bytes, 0);
    assert_int_equal(now.allocations, 0);
  }
  harena_close(arena);
}

static void counting_is_exact_for_every_call(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  size_t data = 0;
  uint64_t allocations = 0;
  for (size_t size = 1; size < 300; size += 7) {
    filled_block(arena, size, 1);
    assert_non_null(harena_alloc_zeroed(arena, size, 4));
    assert_non_null(harena_alloc_array(arena, 3, size, 8));
    assert_non_null(harena_dup(arena, "abc", 3, 1));
    assert_non_null(harena_strdup(arena, "abcde"));
    assert_non_null(harena_printf(arena, "%d", 12345));
    data += size + size + 3 * size + 3 + 6 + 6;
    allocations += 6;
    harena_metrics now = harena_measure(arena);
    assert_int_equal(now.data_bytes, data);
    assert_int_equal(now.allocations, allocations);
    assert_figures_agree(arena, true);
  }
  harena_close(arena);
}

static void counting_size_zero_counts_one(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  assert_non_null(harena_alloc(arena, 0, 8));
  harena_metrics now = harena_measure(arena);
  assert_int_equal(now.used_bytes, 8);
  assert_int_equal(now.data_bytes + now.padding_bytes, 8);
  assert_true(now.data_bytes <= 1);
  harena_close(arena);
}

static void counted_alignment_is_padding(void **state) {
  (void)state;
  _Alignas(4096) static char buffer[HARENA_OVERHEAD + 8192];
  harena *arena = harena_open_in(buffer, sizeof buffer, &(harena_options){.flags = HARENA_COUNT});
  char *first = harena_alloc(arena, 8, 8);
  char *second = harena_alloc(arena, 10, 1024);
  harena_metrics now = harena_measure(arena);
  assert_int_equal(now.data_bytes, 18);
  assert_int_equal(now.padding_bytes, second - first - 8 + 6);
  harena_close(arena);
}

static void failed_calls_count_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100, .flags = HARENA_COUNT});
  filled_block(arena, 60, 1);
  harena_metrics before = harena_measure(arena);
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 60, 8));
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, 8, opaque(3)));
  assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, opaque(SIZE_MAX), 8));
  harena_metrics after = harena_measure(arena);
  assert_memory_equal(&before, &after, sizeof after);
  harena_close(arena);
}

static void freeing_takes_data_back(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT | HARENA_RECYCLE});
  char *first = filled_block(arena, 13, 1);
  char *second = filled_block(arena, 21, 2);
  harena_free(arena, first, 13);
  assert_int_equal(harena_measure(arena).data_bytes, 21);
  assert_int_equal(harena_measure(arena).padding_bytes, 3);
  harena_free(arena, second, 21);
  assert_int_equal(harena_measure(arena).data_bytes, 0);
  assert_int_equal(harena_measure(arena).allocations, 2);
  harena_close(arena);
}

static void peak_is_the_highest_use_since_open(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  filled_block(arena, 1000, 1);
  harena_clear(arena);
  assert_int_equal(harena_measure(arena).peak_bytes, 1000);
  filled_block(arena, 500, 1);
  assert_int_equal(harena_measure(arena).peak_bytes, 1000);
  char *block = filled_block(arena, 1504, 1);
  harena_free(arena, block, 1504);
  assert_int_equal(harena_measure(arena).peak_bytes, 2008);
  HARENA_SCOPE(arena) { filled_block(arena, 4000, 1); }
  assert_int_equal(harena_measure(arena).peak_bytes, 4504);
  harena_close(arena);
}

static void peak_sees_every_step_of_the_inline_path(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < 100; i++) {
      assert_non_null(harena_alloc(arena, 8, 8));
    }
    harena_clear(arena);
  }
  assert_int_equal(harena_measure(arena).peak_bytes, 800);
  harena_close(arena);
}

static void clears_are_counted(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (uint64_t i = 0; i < 100; i++) {
    assert_int_equal(harena_measure(arena).clears, i);
    harena_clear(arena);
  }
  harena_close(arena);
}

static void reserved_is_what_the_source_has_given(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  for (size_t size = 100; size < 1000000; size *= 3) {
    filled_block(arena, size, 1);
    assert_int_equal(harena_measure(arena).reserved_bytes, source.held_bytes);
    assert_int_equal(harena_measure(arena).chunks_acquired, source.granted);
  }
  harena_clear(arena);
  harena_trim(arena);
  assert_int_equal(harena_measure(arena).reserved_bytes, source.held_bytes);
  assert_int_equal(harena_measure(arena).chunks_acquired, source.granted);
  harena_close(arena);
}

static void available_is_given_without_a_chunk(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 50; round++) {
    harena_metrics before = harena_measure(arena);
    if (before.available_bytes > 0) {
      assert_non_null(harena_alloc(arena, before.available_bytes, 8));
      harena_metrics after = harena_measure(arena);
      assert_true(after.chunks_acquired == before.chunks_acquired || harena_instrumented());
    }
    filled_block(arena, 300, 1);
  }
  harena_close(arena);
}

static void available_ends_at_the_limit(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  assert_true(harena_measure(arena).available_bytes <= 1000);
  filled_block(arena, 904, 1);
  assert_true(harena_measure(arena).available_bytes <= 96);
  filled_block(arena, 96, 1);
  assert_int_equal(harena_measure(arena).available_bytes, 0);
  harena_close(arena);
}

static void available_of_a_child_ends_at_the_parents_limit(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 10000});
  harena *child = harena_open(&(harena_options){.parent = parent});
  size_t available = harena_measure(child).available_bytes;
  assert_true(available <= 10000);
  assert_non_null(harena_alloc(child, available, 8));
  harena_close(parent);
}

static void capacity_is_the_limit(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  assert_int_equal(harena_measure(arena).capacity_bytes, 1000);
  assert_true(harena_set_limit(arena, 0));
  assert_int_equal(harena_measure(arena).capacity_bytes, SIZE_MAX);
  harena_close(arena);
}

static void counting_serves_what_is_served_without(void **state) {
  (void)state;
  static const unsigned flags[] = {0, HARENA_COUNT};
  size_t expected[2];
  for (int i = 0; i < 2; i++) {
    harena *arena = harena_open(&(harena_options){.flags = flags[i]});
    for (size_t n = 0; n < 2000; n++) {
      filled_block(arena, n * 31 % 200, 1);
    }
    expected[i] = used(arena);
    harena_close(arena);
  }
  assert_int_equal(expected[0], expected[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(used_is_what_is_charged_now),
      cmocka_unit_test(without_counting_data_is_used),
      cmocka_unit_test(counting_is_exact_for_every_call),
      cmocka_unit_test(counting_size_zero_counts_one),
      cmocka_unit_test(counted_alignment_is_padding),
      cmocka_unit_test(failed_calls_count_nothing),
      cmocka_unit_test(freeing_takes_data_back),
      cmocka_unit_test(peak_is_the_highest_use_since_open),
      cmocka_unit_test(peak_sees_every_step_of_the_inline_path),
      cmocka_unit_test(clears_are_counted),
      cmocka_unit_test(reserved_is_what_the_source_has_given),
      cmocka_unit_test(available_is_given_without_a_chunk),
      cmocka_unit_test(available_ends_at_the_limit),
      cmocka_unit_test(available_of_a_child_ends_at_the_parents_limit),
      cmocka_unit_test(capacity_is_the_limit),
      cmocka_unit_test(counting_serves_what_is_served_without),
  };
  return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
