/* Products are checked before anything is computed with them. */
#include "core_test.h"

static void assert_array_refused(harena *arena, harena_status why, size_t count, size_t size) {
  size_t a = opaque(count);
  size_t b = opaque(size);
  assert_refused(arena, why, harena_alloc_array(arena, a, b, 8));
  assert_refused(arena, why, harena_alloc_array(arena, b, a, 16));
  assert_refused(arena, why, harena_alloc_array(arena, b, a, opaque(1)));
  assert_refused(arena, why, harena_alloc_array_zeroed(arena, a, b, 8));
  assert_refused(arena, why, harena_alloc_array_zeroed(arena, b, a, opaque(64)));
}

static void products_are_charged_like_one_block(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t count = 0; count < 40; count++) {
    for (size_t size = 0; size < 20; size++) {
      size_t before = used(arena);
      char *block = harena_alloc_array(arena, count, size, 1);
      assert_non_null(block);
      fill(block, count * size, 1);
      assert_int_equal(used(arena) - before, charge_of(count * size));
      block = harena_alloc_array_zeroed(arena, count, size, 8);
      assert_zero(block, count * size);
    }
  }
  harena_close(arena);
}

static void products_that_wrap_are_no_memory(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_array_refused(arena, HARENA_NO_MEMORY, SIZE_MAX, 2);
  assert_array_refused(arena, HARENA_NO_MEMORY, SIZE_MAX, SIZE_MAX);
  assert_array_refused(arena, HARENA_NO_MEMORY, SIZE_MAX / 2 + 1, 2);
  assert_array_refused(arena, HARENA_NO_MEMORY, SIZE_MAX / 3 + 1, 3);
  size_t bits = sizeof(size_t) * 8;
  for (size_t shift = 1; shift < bits; shift++) {
    size_t a = (size_t)1 << shift;
    size_t b = (size_t)1 << (bits - shift);
    assert_array_refused(arena, HARENA_NO_MEMORY, a, b);
    assert_array_refused(arena, HARENA_NO_MEMORY, a + 1, b + 1);
  }
  harena_close(arena);
}

static void products_over_ptrdiff_max_are_no_memory(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_array_refused(arena, HARENA_NO_MEMORY, SIZE_MAX, 1);
  for (size_t k = 0; k <= 64; k++) {
    assert_array_refused(arena, HARENA_NO_MEMORY, (size_t)PTRDIFF_MAX + 1 + k, 1);
    assert_array_refused(arena, HARENA_NO_MEMORY, ((size_t)PTRDIFF_MAX + 1) / 8 + k, 8);
  }
  harena_close(arena);
}

static void a_product_with_zero_is_size_zero(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *first = harena_alloc_array(arena, opaque(SIZE_MAX), opaque(0), 8);
  char *second = harena_alloc_array(arena, opaque(0), opaque(SIZE_MAX), 8);
  assert_non_null(first);
  assert_non_null(second);
  assert_ptr_not_equal(first, second);
  *first = *second = 'x';
  assert_int_equal(used(arena), 16);
  harena_close(arena);
}

/* Alignment before product before limit. */
static void failures_are_checked_in_order(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  assert_refused(arena, HARENA_INVALID, harena_alloc_array(arena, opaque(SIZE_MAX), 2, opaque(3)));
  assert_array_refused(arena, HARENA_NO_MEMORY, SIZE_MAX, 2);
  assert_array_refused(arena, HARENA_LIMIT, 13, 8);
  assert_non_null(harena_alloc_array(arena, 12, 8, 8));
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(products_are_charged_like_one_block),
      cmocka_unit_test(products_that_wrap_are_no_memory),
      cmocka_unit_test(products_over_ptrdiff_max_are_no_memory),
      cmocka_unit_test(a_product_with_zero_is_size_zero),
      cmocka_unit_test(failures_are_checked_in_order),
  };
  return cmocka_run_group_tests_name("arrays", tests, NULL, NULL);
}
