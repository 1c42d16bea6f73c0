/* harena_alloc_between: whatever is left, but enough. */
#include "core_test.h"
#include "watched_source.h"

static char *between(harena *arena, size_t min, size_t preferred, size_t *size) {
  char *block = harena_alloc_between(arena, min, preferred, 8, size);
  assert_non_null(block);
  assert_true(*size >= min);
  assert_true(*size <= preferred || preferred == 0);
  fill(block, *size, 8);
  return block;
}

static void gives_what_is_preferred_when_there_is_enough(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 10000});
  size_t size = 0;
  between(arena, 10, 5000, &size);
  assert_int_equal(size, 5000);
  assert_int_equal(used(arena), 5000);
  harena_close(arena);
}

static void gives_the_rest_of_a_buffer(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 1000];
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  filled_block(arena, 100, 1);
  size_t size = 0;
  between(arena, 1, 5000, &size);
  assert_int_equal(size, 1000 - 104);
  size = 5;
  assert_refused(arena, HARENA_NO_MEMORY, harena_alloc_between(arena, 1, 10, 8, &size));
  assert_int_equal(size, 5);
  harena_close(arena);
}

static void gives_the_rest_of_a_limit(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1003, .initial_capacity = 1000});
  filled_block(arena, 100, 1);
  size_t size = 0;
  between(arena, 1, 5000, &size);
  assert_int_equal(used(arena), charge_of(100) + charge_of(size));
  if (!harena_instrumented()) {
    assert_int_equal(size, 1000 - 104);
  }
  harena_close(arena);
}

static void takes_no_chunk_while_the_minimum_fits(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  size_t size = 0;
  between(arena, 100, 1000000, &size);
  assert_int_equal(source.granted, 1);
  assert_true(size < 10000);
  harena_close(arena);
}

static void takes_a_chunk_for_the_minimum(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  size_t size = 0;
  between(arena, 20000, 1000000, &size);
  assert_int_equal(source.granted, 2);
  harena_close(arena);
  assert_all_released(&source);
}

static void never_gives_less_than_the_minimum(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t min = 0; min < 6000; min += 97) {
    size_t size = 0;
    between(arena, min, min + min / 3, &size);
  }
  harena_close(arena);
}

static void over_the_limit_is_refused(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  size_t size = 77;
  assert_refused(arena, HARENA_LIMIT, harena_alloc_between(arena, 97, 200, 8, &size));
  assert_int_equal(size, 77);
  harena_close(arena);
}

static void a_minimum_over_the_preferred_size_is_invalid(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  size_t size = 77;
  assert_refused(arena, HARENA_INVALID, harena_alloc_between(arena, 2, 1, 8, &size));
  assert_refused(arena, HARENA_INVALID, harena_alloc_between(arena, SIZE_MAX, 1, 8, &size));
  assert_int_equal(size, 77);
  harena_close(arena);
}

static void any_preferred_size_is_allowed(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t k = 0; k <= 64; k++) {
    size_t size = 0;
    between(arena, 1, SIZE_MAX - k, &size);
    between(arena, 1, (size_t)PTRDIFF_MAX - k, &size);
  }
  size_t size = 77;
  assert_refused(arena, HARENA_NO_MEMORY,
                 harena_alloc_between(arena, SIZE_MAX - 3, SIZE_MAX, 8, &size));
  assert_int_equal(size, 77);
  harena_close(arena);
}

static void sizes_of_zero_give_a_block(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  size_t size = 77;
  char *block = harena_alloc_between(arena, 0, 0, 8, &size);
  assert_non_null(block);
  *block = 'x';
  assert_true(size <= 1);
  assert_int_equal(used(arena), 8);
  harena_close(arena);
}

static void alignment_is_kept_and_its_padding_left_out(void **state) {
  (void)state;
  _Alignas(64) char buffer[HARENA_OVERHEAD + 512];
  for (size_t align = 1; align <= 256; align *= 2) {
    harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
    filled_block(arena, 8, 1);
    size_t size = 0;
    char *block = harena_alloc_between(arena, 1, 5000, align, &size);
    assert_non_null(block);
    assert_true(is_aligned(block, align));
    fill(block, size, 2);
    assert_true(used(arena) <= 512);
    assert_int_equal(harena_measure(arena).available_bytes, 0);
    harena_close(arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gives_what_is_preferred_when_there_is_enough),
      cmocka_unit_test(gives_the_rest_of_a_buffer),
      cmocka_unit_test(gives_the_rest_of_a_limit),
      cmocka_unit_test(takes_no_chunk_while_the_minimum_fits),
      cmocka_unit_test(takes_a_chunk_for_the_minimum),
      cmocka_unit_test(never_gives_less_than_the_minimum),
      cmocka_unit_test(over_the_limit_is_refused),
      cmocka_unit_test(a_minimum_over_the_preferred_size_is_invalid),
      cmocka_unit_test(any_preferred_size_is_allowed),
      cmocka_unit_test(sizes_of_zero_give_a_block),
      cmocka_unit_test(alignment_is_kept_and_its_padding_left_out),
  };
  return cmocka_run_group_tests_name("between", tests, NULL, NULL);
}
