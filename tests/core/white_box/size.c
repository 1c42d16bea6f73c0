/* The arithmetic of src/size.h at its edges. */
#include "size.h"

#include "core_test.h"

static void min_and_max(void **state) {
  (void)state;
  assert_int_equal(harena__min(1, 2), 1);
  assert_int_equal(harena__min(SIZE_MAX, 0), 0);
  assert_int_equal(harena__max(1, 2), 2);
  assert_int_equal(harena__max(SIZE_MAX, 0), SIZE_MAX);
}

static void alignments_are_powers_of_two_up_to_1_gib(void **state) {
  (void)state;
  size_t good = 0;
  for (size_t shift = 0; shift < sizeof(size_t) * 8; shift++) {
    size_t align = (size_t)1 << shift;
    assert_int_equal(harena__is_align(align), shift <= 30);
    assert_false(harena__is_align(align * 2 + align));
    assert_false(shift > 1 && harena__is_align(align - 1));
    assert_false(shift > 0 && harena__is_align(align + 1));
    good += harena__is_align(align);
  }
  assert_int_equal(good, 31);
  assert_false(harena__is_align(0));
  assert_false(harena__is_align(SIZE_MAX));
}

static void rounding_up(void **state) {
  (void)state;
  assert_int_equal(harena__round_up(0), 0);
  for (size_t size = 1; size < 100; size++) {
    assert_int_equal(harena__round_up(size), (size - 1) / 8 * 8 + 8);
  }
  for (size_t k = 0; k < 7; k++) {
    assert_int_equal(harena__round_up(HARENA__MAX_SIZE - k), HARENA__MAX_SIZE + 1);
  }
}

static void rounding_down(void **state) {
  (void)state;
  for (size_t size = 0; size < 100; size++) {
    assert_int_equal(harena__round_down(size), size / 8 * 8);
  }
  assert_int_equal(harena__round_down(SIZE_MAX), SIZE_MAX - 7);
}

static void sums_stop_at_size_max(void **state) {
  (void)state;
  assert_int_equal(harena__sum(1, 2), 3);
  assert_int_equal(harena__sum(SIZE_MAX, 0), SIZE_MAX);
  assert_int_equal(harena__sum(SIZE_MAX - 5, 5), SIZE_MAX);
  assert_int_equal(harena__sum(SIZE_MAX - 5, 6), SIZE_MAX);
  assert_int_equal(harena__sum(SIZE_MAX, SIZE_MAX), SIZE_MAX);
}

static void padding_leads_to_the_next_multiple(void **state) {
  (void)state;
  for (uintptr_t address = 4096; address < 4096 + 300; address++) {
    for (size_t align = 1; align <= 256; align *= 2) {
      size_t padding = harena__padding((const char *)address, align);
      assert_true(padding < align);
      assert_int_equal((address + padding) % align, 0);
    }
  }
  assert_int_equal(harena__padding((const char *)UINTPTR_MAX, 1 << 30), 1);
}

static void within_takes_any_address(void **state) {
  (void)state;
  const char *start = (const char *)(uintptr_t)4096;
  assert_true(harena__within(start, 10, start));
  assert_true(harena__within(start, 10, (const void *)(uintptr_t)4105));
  assert_false(harena__within(start, 10, (const void *)(uintptr_t)4106));
  assert_false(harena__within(start, 10, (const void *)(uintptr_t)4095));
  assert_false(harena__within(start, 0, start));
  assert_false(harena__within(start, 10, NULL));
  assert_false(harena__within(start, 10, (const void *)UINTPTR_MAX));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(min_and_max),
      cmocka_unit_test(alignments_are_powers_of_two_up_to_1_gib),
      cmocka_unit_test(rounding_up),
      cmocka_unit_test(rounding_down),
      cmocka_unit_test(sums_stop_at_size_max),
      cmocka_unit_test(padding_leads_to_the_next_multiple),
      cmocka_unit_test(within_takes_any_address),
  };
  return cmocka_run_group_tests_name("size", tests, NULL, NULL);
}
