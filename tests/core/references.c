/* References: pointers that know when they are stale. This program opens its first arena in its
 * first test, which looks at where epochs start. */
#include <stdlib.h>

#include "core_test.h"

static void *resolve(const harena *arena, harena_ref ref) {
  void *address = harena_try_deref(arena, ref);
  if (address) {
    assert_ptr_equal(harena_deref(arena, ref), address);
  }
  return address;
}

static void assert_good(const harena *arena, harena_ref ref) {
  assert_non_null(ref.address);
  assert_ptr_equal(resolve(arena, ref), ref.address);
}

static void assert_bad(const harena *arena, harena_ref ref, const char *why) {
  assert_null(harena_try_deref(arena, ref));
  assert_panics(why, (void)harena_deref(arena, ref));
  assert_non_null(strstr(panic_message(), harena_name(arena)));
}

static harena_ref new_ref(harena *arena, size_t size) {
  harena_ref ref = harena_ref_to(arena, filled_block(arena, size, 1));
  assert_good(arena, ref);
  return ref;
}

static void epochs_start_at_1(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_int_equal(new_ref(arena, 8).epoch, 1);
  harena_close(arena);
}

static void a_reference_is_an_address_and_an_epoch(void **state) {
  (void)state;
  assert_int_equal(sizeof(harena_ref), sizeof(void *) + sizeof(uint64_t));
}

static void a_reference_lives_as_long_as_its_block(void **state) {
  (void)state;
  enum { COUNT = 50 };
  harena_ref refs[COUNT];
  harena *arena = harena_open(NULL);
  for (size_t i = 0; i < COUNT; i++) {
    refs[i] = new_ref(arena, i * 200);
  }
  for (size_t i = 0; i < COUNT; i++) {
    assert_good(arena, refs[i]);
  }
  harena_clear(arena);
  for (size_t i = 0; i < COUNT; i++) {
    assert_bad(arena, refs[i], "stale reference");
  }
  harena_close(arena);
}

/* Also where the new block has the old one's address. */
static void a_stale_reference_stays_stale(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref first = new_ref(arena, 8);
  for (int i = 0; i < 100; i++) {
    harena_clear(arena);
    harena_ref next = new_ref(arena, 8);
    assert_good(arena, next);
    assert_bad(arena, first, "stale reference");
  }
  harena_close(arena);
}

static void a_reference_into_a_block_is_good(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  for (size_t i = 0; i < 100; i++) {
    assert_ptr_equal(resolve(arena, harena_ref_to(arena, block + i)), block + i);
  }
  harena_close(arena);
}

static void the_null_reference_is_for_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref null = harena_ref_to(arena, NULL);
  assert_null(null.address);
  assert_int_equal(null.epoch, 0);
  assert_bad(arena, null, "null reference");
  assert_bad(arena, (harena_ref){0}, "null reference");
  assert_non_null(harena_save(arena).arena);
  assert_int_equal(harena_ref_to(arena, NULL).epoch, 0);
  assert_bad(arena, null, "null reference");
  harena_close(arena);
}

static void a_reference_without_epoch_is_bad_whatever_it_holds(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 8, 1);
  assert_bad(arena, (harena_ref){block, 0}, "null reference");
  assert_non_null(harena_save(arena).arena);
  assert_bad(arena, (harena_ref){block, 0}, "null reference");
  harena_close(arena);
}

static void a_forged_epoch_is_bad(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref good = new_ref(arena, 8);
  static const uint64_t offsets[] = {1, 2, 65535, 65536, (uint64_t)1 << 32, (uint64_t)1 << 63};
  for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
    assert_bad(arena, (harena_ref){good.address, good.epoch + offsets[i]}, "reference");
    assert_bad(arena, (harena_ref){good.address, good.epoch - offsets[i]}, "reference");
  }
  harena_close(arena);
}

static void a_reference_of_another_arena_is_foreign(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  harena_ref ref = new_ref(other, 8);
  new_ref(arena, 8);
  assert_bad(arena, ref, "another arena");
  assert_non_null(harena_save(arena).arena);
  assert_bad(arena, ref, "another arena");
  assert_good(other, ref);
  harena_close(arena);
  harena_close(other);
}

static void no_reference_carries_the_closed_epoch(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int i = 0; i < 20; i++) {
    assert_true(new_ref(arena, 8).epoch != UINT64_MAX);
    assert_non_null(harena_save(arena).arena);
    assert_true(new_ref(arena, 8).epoch != UINT64_MAX);
  }
  harena_close(arena);
}

/* ---- Marks ---- */

static void references_from_before_a_mark_survive_the_rewind(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref before = new_ref(arena, 100);
  harena_mark mark = harena_save(arena);
  assert_good(arena, before);
  harena_ref since = new_ref(arena, 100);
  assert_good(arena, before);
  assert_good(arena, since);
  harena_rewind(arena, mark);
  assert_good(arena, before);
  assert_bad(arena, since, "stale reference");
  harena_close(arena);
}

static void each_rewind_ends_the_references_since(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref before = new_ref(arena, 100);
  harena_mark mark = harena_save(arena);
  harena_ref last = {0};
  for (int i = 0; i < 200; i++) {
    harena_ref since = new_ref(arena, 16);
    assert_null(harena_try_deref(arena, last));
    harena_rewind(arena, mark);
    assert_null(harena_try_deref(arena, since));
    assert_good(arena, before);
    last = since;
  }
  harena_close(arena);
}

/* A reference that is made while a mark is active, to a block from before it, is as good as one
 * that was made before: it lives as long as the block. */
static void a_late_reference_to_an_early_block_survives(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  harena_mark mark = harena_save(arena);
  filled_block(arena, 100, 1);
  harena_ref ref = harena_ref_to(arena, block);
  harena_rewind(arena, mark);
  assert_good(arena, ref);
  harena_clear(arena);
  assert_bad(arena, ref, "stale reference");
  harena_close(arena);
}

/* Blocks in chunks of all kinds, marks between all of them. */
static void every_stretch_has_its_own_life(void **state) {
  (void)state;
  enum { COUNT = 60 };
  static const size_t sizes[] = {24, 3000, 12000, 8, 100000, 700};
  harena_mark marks[COUNT];
  harena_ref refs[COUNT];
  harena *arena = harena_open(NULL);
  for (size_t i = 0; i < COUNT; i++) {
    marks[i] = harena_save(arena);
    refs[i] = new_ref(arena, sizes[i % 6]);
  }
  for (size_t dead = COUNT; dead-- > 0;) {
    for (size_t i = 0; i <= dead; i++) {
      assert_good(arena, refs[i]);
    }
    harena_rewind(arena, marks[dead]);
    for (size_t i = dead; i < COUNT; i++) {
      assert_null(harena_try_deref(arena, refs[i]));
    }
  }
  harena_close(arena);
}

static void a_scope_ends_its_references_and_no_others(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_ref before = new_ref(arena, 8);
  for (int i = 0; i < 100; i++) {
    harena_ref inside = {0};
    HARENA_SCOPE(arena) {
      inside = new_ref(arena, 8);
      assert_good(arena, before);
    }
    assert_bad(arena, inside, "stale reference");
    assert_good(arena, before);
    harena_ref after = new_ref(arena, 8);
    assert_good(arena, after);
    assert_null(harena_try_deref(arena, inside));
  }
  harena_close(arena);
}

static void zeroed_and_foreign_references_are_bad_across_marks(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  harena_ref foreign = new_ref(other, 8);
  for (int i = 0; i < 12; i++) {
    assert_null(harena_try_deref(arena, foreign));
    assert_null(harena_try_deref(arena, (harena_ref){0}));
    assert_non_null(harena_save(arena).arena);
    new_ref(arena, 8);
  }
  harena_close(arena);
  harena_close(other);
}

/* ---- Epochs ---- */

static int compare(const void *a, const void *b) {
  const uint64_t *x = a;
  const uint64_t *y = b;
  return (*x > *y) - (*x < *y);
}

static void assert_all_different(uint64_t *epochs, size_t count) {
  qsort(epochs, count, sizeof *epochs, compare);
  for (size_t i = 1; i < count; i++) {
    assert_true(epochs[i - 1] != epochs[i]);
  }
}

static void epochs_are_never_used_twice(void **state) {
  (void)state;
  enum { CLEARS = 100000 };
  static uint64_t epochs[2 * CLEARS];
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  for (size_t i = 0; i < CLEARS; i++) {
    epochs[2 * i] = harena_ref_to(arena, harena_alloc(arena, 8, 8)).epoch;
    epochs[2 * i + 1] = harena_ref_to(other, harena_alloc(other, 8, 8)).epoch;
    harena_clear(arena);
    harena_clear(other);
  }
  assert_all_different(epochs, 2 * CLEARS);
  harena_close(arena);
  harena_close(other);
}

static void epochs_of_rewinds_are_never_used_twice(void **state) {
  (void)state;
  enum { REWINDS = 70000 };
  static uint64_t epochs[2 * REWINDS];
  harena *arena = harena_open(NULL);
  harena_mark mark = harena_save(arena);
  for (size_t i = 0; i < REWINDS; i++) {
    epochs[2 * i] = harena_ref_to(arena, harena_alloc(arena, 8, 8)).epoch;
    harena_rewind(arena, mark);
    HARENA_SCOPE(arena) {
      filled_block(arena, 8, 1);
      HARENA_SCOPE(arena) {
        epochs[2 * i + 1] = harena_ref_to(arena, harena_alloc(arena, 8, 8)).epoch;
      }
    }
  }
  assert_all_different(epochs, 2 * REWINDS);
  harena_close(arena);
}

static void an_arena_at_the_same_place_has_other_epochs(void **state) {
  (void)state;
  _Alignas(16) static char buffer[4096];
  harena_ref last = {0};
  for (int i = 0; i < 100; i++) {
    harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
    harena_ref ref = new_ref(arena, 8);
    assert_null(harena_try_deref(arena, last));
    last = ref;
    harena_close(arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(epochs_start_at_1),
      cmocka_unit_test(a_reference_is_an_address_and_an_epoch),
      cmocka_unit_test(a_reference_lives_as_long_as_its_block),
      cmocka_unit_test(a_stale_reference_stays_stale),
      cmocka_unit_test(a_reference_into_a_block_is_good),
      cmocka_unit_test(the_null_reference_is_for_nothing),
      cmocka_unit_test(a_reference_without_epoch_is_bad_whatever_it_holds),
      cmocka_unit_test(a_forged_epoch_is_bad),
      cmocka_unit_test(a_reference_of_another_arena_is_foreign),
      cmocka_unit_test(no_reference_carries_the_closed_epoch),
      cmocka_unit_test(references_from_before_a_mark_survive_the_rewind),
      cmocka_unit_test(each_rewind_ends_the_references_since),
      cmocka_unit_test(a_late_reference_to_an_early_block_survives),
      cmocka_unit_test(every_stretch_has_its_own_life),
      cmocka_unit_test(a_scope_ends_its_references_and_no_others),
      cmocka_unit_test(zeroed_and_foreign_references_are_bad_across_marks),
      cmocka_unit_test(epochs_are_never_used_twice),
      cmocka_unit_test(epochs_of_rewinds_are_never_used_twice),
      cmocka_unit_test(an_arena_at_the_same_place_has_other_epochs),
  };
  return cmocka_run_group_tests_name("references", tests, NULL, NULL);
}
