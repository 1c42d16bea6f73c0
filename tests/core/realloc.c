/* Resizing blocks. */
#include "core_test.h"
#include "watched_source.h"

/* Resizes and checks that the contents came along. */
static char *resize(harena *arena, char *block, size_t old_size, size_t new_size, size_t align) {
  char *place = harena_realloc(arena, block, old_size, new_size, align);
  assert_non_null(place);
  assert_true(is_aligned(place, align));
  assert_filled(place, old_size < new_size ? old_size : new_size, 1);
  fill(place, new_size, 1);
  return place;
}

static void null_allocates(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = harena_realloc(arena, NULL, 0, 100, 16);
  assert_non_null(block);
  assert_true(is_aligned(block, 16));
  fill(block, 100, 1);
  harena_close(arena);
}

static void null_with_a_size_is_invalid(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, NULL, 1, 100, 8));
  harena_close(arena);
}

static void null_to_nothing_is_a_block_of_one(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = harena_realloc(arena, NULL, 0, opaque(0), 8);
  assert_non_null(block);
  *block = 'x';
  assert_int_equal(used(arena), 8);
  harena_close(arena);
}

static void the_youngest_grows_where_it_is(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 10000});
  filled_block(arena, 100, 3);
  char *block = filled_block(arena, 10, 1);
  char *start = block;
  for (size_t size = 10; size < 4000; size += 13) {
    block = resize(arena, block, size, size + 13, 8);
    assert_int_equal(used(arena), 104 + charge_of(size + 13));
    assert_true(block == start || harena_instrumented());
  }
  harena_close(arena);
}

static void the_youngest_shrinks_where_it_is(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  filled_block(arena, 100, 3);
  char *block = filled_block(arena, 1000, 1);
  for (size_t size = 1000; size > 0; size--) {
    assert_ptr_equal(resize(arena, block, size, size - 1, 8), block);
    assert_int_equal(used(arena), 104 + charge_of(size - 1));
  }
  char *behind = filled_block(arena, 8, 2);
  assert_int_equal(used(arena), 104 + 8 + 8);
  assert_true(behind == block + 8 || harena_instrumented());
  harena_close(arena);
}

static void others_shrink_where_they_are_and_stay_charged(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 1000, 1);
  char *behind = filled_block(arena, 50, 2);
  size_t before = used(arena);
  assert_ptr_equal(resize(arena, block, 1000, 10, 8), block);
  assert_int_equal(used(arena), before);
  assert_filled(behind, 50, 2);
  harena_close(arena);
}

static void others_grow_by_moving(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  char *behind = filled_block(arena, 50, 2);
  char *moved = resize(arena, block, 100, 200, 8);
  assert_ptr_not_equal(moved, block);
  assert_filled(behind, 50, 2);
  assert_int_equal(used(arena), charge_of(100) + charge_of(50) + charge_of(200));
  harena_close(arena);
}

/* Every pair of sizes, as youngest and not: contents and charge. */
static void every_size_becomes_every_size(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 7, 8, 9, 16, 100, 2000, 5000, 70000};
  enum { COUNT = sizeof sizes / sizeof sizes[0] };
  for (int from = 0; from < COUNT; from++) {
    for (int to = 0; to < COUNT; to++) {
      harena *arena = harena_open(NULL);
      char *block = filled_block(arena, sizes[from], 1);
      block = resize(arena, block, sizes[from], sizes[to], 8);
      assert_int_equal(used(arena), charge_of(sizes[to]));
      filled_block(arena, 5, 2);
      resize(arena, block, sizes[to], sizes[from], 8);
      harena_close(arena);
    }
  }
}

static void size_zero_counts_as_one(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  assert_ptr_equal(harena_realloc(arena, block, 100, 0, 8), block);
  assert_int_equal(used(arena), 8);
  *block = 'x';
  block = harena_realloc(arena, block, 0, 50, 8);
  assert_non_null(block);
  assert_int_equal(*block, 'x');
  assert_int_equal(used(arena), 56);
  harena_close(arena);
}

static void a_stronger_alignment_moves_when_it_must(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t align = 16; align <= 65536; align *= 2) {
    char *block = harena_alloc(arena, 64, align);
    block = harena_alloc(arena, 24, 8);
    fill(block, 24, 1);
    block = resize(arena, block, 24, 24, align);
    block = resize(arena, block, 24, 100, align);
    resize(arena, block, 100, 3, align);
  }
  harena_close(arena);
}

static void a_weaker_alignment_stays(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = harena_alloc(arena, 64, 4096);
  fill(block, 64, 1);
  assert_ptr_equal(resize(arena, block, 64, 30, 1), block);
  assert_ptr_equal(resize(arena, block, 30, 30, 1024), block);
  harena_close(arena);
}

static void failure_keeps_the_block_and_its_bytes(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  source.refuse_above = 20000;
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  char *block = filled_block(arena, 1000, 1);
  assert_refused(arena, HARENA_NO_MEMORY, harena_realloc(arena, block, 1000, 100000, 8));
  assert_refused(arena, HARENA_NO_MEMORY, harena_realloc(arena, block, 1000, opaque(SIZE_MAX), 8));
  assert_filled(block, 1000, 1);
  block = resize(arena, block, 1000, 1500, 8);
  assert_int_equal(used(arena), charge_of(1500));
  harena_free(arena, block, 1500);
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static void failure_of_another_block_keeps_it_too(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 500});
  char *block = filled_block(arena, 100, 1);
  char *behind = filled_block(arena, 100, 2);
  assert_refused(arena, HARENA_LIMIT, harena_realloc(arena, block, 100, 300, 8));
  assert_filled(block, 100, 1);
  assert_filled(behind, 100, 2);
  harena_close(arena);
}

/* What a layout happens to allow must not change what a program may use. */
static void the_youngest_is_charged_the_difference_wherever_it_goes(void **state) {
  (void)state;
  for (size_t size = 100; size <= 100000; size *= 10) {
    harena *arena = harena_open(&(harena_options){.limit = charge_of(size * 3)});
    char *block = filled_block(arena, size, 1);
    block = resize(arena, block, size, size * 2, 8);
    block = resize(arena, block, size * 2, size * 3, 8);
    assert_int_equal(used(arena), charge_of(size * 3));
    assert_int_equal(harena_measure(arena).peak_bytes, charge_of(size * 3));
    assert_refused(arena, HARENA_LIMIT, harena_realloc(arena, block, size * 3, size * 3 + 8, 8));
    assert_filled(block, size * 3, 1);
    harena_close(arena);
  }
}

static void others_are_charged_for_both_places(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 320});
  char *block = filled_block(arena, 100, 1);
  filled_block(arena, 8, 2);
  resize(arena, block, 100, 200, 8);
  assert_int_equal(used(arena), 104 + 8 + 200);
  harena_close(arena);
}

/* A move that has just freed its old place must not have lost it when the new one is refused and
 * the handler leaves by longjmp. */
static void a_panic_of_a_failed_move_leaves_everything_as_it_was(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000, .flags = HARENA_ABORT_ON_FAILURE});
  char *block = filled_block(arena, 500, 1);
  assert_panics("over the limit", (void)!harena_realloc(arena, block, 500, 2000, 8));
  assert_int_equal(used(arena), charge_of(500));
  assert_filled(block, 500, 1);
  assert_non_null(harena_alloc(arena, 1000 - charge_of(500), 8));
  harena_close(arena);
}

static void the_youngest_can_be_freed_wherever_it_went(void **state) {
  (void)state;
  static const size_t sizes[] = {2000, 3000, 7000, 8000, 8100, 20000, 100000};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    harena *arena = harena_open(NULL);
    char *before = filled_block(arena, 64, 3);
    char *block = filled_block(arena, 64, 1);
    block = resize(arena, block, 64, sizes[i], 8);
    harena_free(arena, block, sizes[i]);
    assert_int_equal(used(arena), 64);
    harena_free(arena, before, 64);
    assert_int_equal(used(arena), 0);
    harena_close(arena);
  }
}

/* It was alone in its chunk: when it is gone, the block before it is the youngest again. */
static void an_empty_chunk_does_not_stay_between(void **state) {
  (void)state;
  for (size_t size = 5000; size < 40000; size += 1000) {
    harena *arena = harena_open(NULL);
    size_t first_size = harena_measure(arena).available_bytes;
    char *first = filled_block(arena, first_size, 3);
    char *block = filled_block(arena, 40, 1);
    block = resize(arena, block, 40, size, 8);
    harena_free(arena, block, size);
    assert_int_equal(used(arena), charge_of(first_size));
    harena_free(arena, first, first_size);
    assert_int_equal(used(arena), 0);
    harena_close(arena);
  }
}

static void the_youngest_can_grow_on_wherever_it_went(void **state) {
  (void)state;
  for (size_t first = 64; first < 9000; first += 200) {
    harena *arena = harena_open(NULL);
    filled_block(arena, 64, 3);
    char *block = filled_block(arena, first, 1);
    size_t size = first;
    for (; size < 400000; size = size * 7 / 5 + 8) {
      block = resize(arena, block, size, size * 7 / 5 + 8, 8);
    }
    assert_int_equal(used(arena), 64 + charge_of(size));
    harena_close(arena);
  }
}

/* A list that grows a little at a time, for ever: what it left behind must not pile up. */
static void a_large_block_that_grows_does_not_keep_its_old_places(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  size_t size = 10 << 20;
  char *block = harena_alloc(arena, size, 8);
  for (int i = 0; i < 12; i++) {
    block = harena_realloc(arena, block, size, size + 4096, 8);
    assert_non_null(block);
    size += 4096;
  }
  if (!harena_instrumented()) {
    assert_true(source.held_bytes < 4 * size);
  }
  harena_close(arena);
}

static void growing_next_to_a_mark_moves(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  harena_mark mark = harena_save(arena);
  char *moved = resize(arena, block, 100, 200, 8);
  assert_ptr_not_equal(moved, block);
  assert_int_equal(used(arena), 104 + 200);
  harena_rewind(arena, mark);
  assert_int_equal(used(arena), 104);
  harena_close(arena);
}

static void shrinking_next_to_a_mark_stays_and_refunds_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  harena_mark mark = harena_save(arena);
  assert_ptr_equal(resize(arena, block, 100, 20, 8), block);
  assert_int_equal(used(arena), 104);
  char *next = filled_block(arena, 8, 2);
  assert_true((uintptr_t)next >= (uintptr_t)block + 100);
  harena_rewind(arena, mark);
  assert_filled(block, 20, 1);
  harena_close(arena);
}

static void with_recycle_the_rest_of_a_shrunk_block_is_refunded(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  char *block = filled_block(arena, 1000, 1);
  filled_block(arena, 8, 2);
  assert_ptr_equal(resize(arena, block, 1000, 100, 8), block);
  assert_int_equal(used(arena), 104 + 8);
  harena_close(arena);
}

static void with_recycle_a_place_that_was_left_is_refunded(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  char *block = filled_block(arena, 100, 1);
  filled_block(arena, 8, 2);
  resize(arena, block, 100, 200, 8);
  assert_int_equal(used(arena), 200 + 8);
  harena_close(arena);
}

/* data is what callers asked for, also when the charge does not change. */
static void data_follows_the_exact_size(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  filled_block(arena, 3, 2);
  char *block = filled_block(arena, 9, 1);
  block = resize(arena, block, 9, 16, 8);
  assert_int_equal(harena_measure(arena).data_bytes, 3 + 16);
  block = resize(arena, block, 16, 11, 8);
  assert_int_equal(harena_measure(arena).data_bytes, 3 + 11);
  block = resize(arena, block, 11, 5000, 8);
  assert_int_equal(harena_measure(arena).data_bytes, 3 + 5000);
  harena_free(arena, block, 5000);
  assert_int_equal(harena_measure(arena).data_bytes, 3);
  harena_close(arena);
}

/* A rewind ends what came since, not what an older block has grown by. */
static void data_of_an_older_block_survives_a_rewind(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  char *block = filled_block(arena, 9, 1);
  harena_mark mark = harena_save(arena);
  filled_block(arena, 100, 2);
  resize(arena, block, 9, 16, 8);
  harena_rewind(arena, mark);
  assert_int_equal(harena_measure(arena).data_bytes, 16);
  harena_close(arena);
}

/* The tail that stays charged is not counted again when the block grows back into it. */
static void data_is_never_more_than_used(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  char *block = filled_block(arena, 100, 1);
  filled_block(arena, 8, 2);
  for (int i = 0; i < 50; i++) {
    assert_ptr_equal(resize(arena, block, i == 0 ? 100 : 8, 1, 8), block);
    assert_ptr_equal(resize(arena, block, 1, 8, 8), block);
    assert_figures_agree(arena, true);
  }
  harena_close(arena);
}

/* Whether there was room to grow in place is a matter of layout, which the count must not show. */
static void resizing_counts_the_same_in_place_and_moving(void **state) {
  (void)state;
  harena_options options = {.initial_capacity = 20000, .flags = HARENA_COUNT};
  uint64_t counts[2];
  for (int moves = 0; moves < 2; moves++) {
    options.initial_capacity = moves ? 0 : 20000;
    harena *arena = harena_open(&options);
    resize(arena, filled_block(arena, 100, 1), 100, 10000, 8);
    counts[moves] = harena_measure(arena).allocations;
    harena_close(arena);
  }
  assert_int_equal(counts[0], counts[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_allocates),
      cmocka_unit_test(null_with_a_size_is_invalid),
      cmocka_unit_test(null_to_nothing_is_a_block_of_one),
      cmocka_unit_test(the_youngest_grows_where_it_is),
      cmocka_unit_test(the_youngest_shrinks_where_it_is),
      cmocka_unit_test(others_shrink_where_they_are_and_stay_charged),
      cmocka_unit_test(others_grow_by_moving),
      cmocka_unit_test(every_size_becomes_every_size),
      cmocka_unit_test(size_zero_counts_as_one),
      cmocka_unit_test(a_stronger_alignment_moves_when_it_must),
      cmocka_unit_test(a_weaker_alignment_stays),
      cmocka_unit_test(failure_keeps_the_block_and_its_bytes),
      cmocka_unit_test(failure_of_another_block_keeps_it_too),
      cmocka_unit_test(the_youngest_is_charged_the_difference_wherever_it_goes),
      cmocka_unit_test(others_are_charged_for_both_places),
      cmocka_unit_test(a_panic_of_a_failed_move_leaves_everything_as_it_was),
      cmocka_unit_test(the_youngest_can_be_freed_wherever_it_went),
      cmocka_unit_test(an_empty_chunk_does_not_stay_between),
      cmocka_unit_test(the_youngest_can_grow_on_wherever_it_went),
      cmocka_unit_test(a_large_block_that_grows_does_not_keep_its_old_places),
      cmocka_unit_test(growing_next_to_a_mark_moves),
      cmocka_unit_test(shrinking_next_to_a_mark_stays_and_refunds_nothing),
      cmocka_unit_test(with_recycle_the_rest_of_a_shrunk_block_is_refunded),
      cmocka_unit_test(with_recycle_a_place_that_was_left_is_refunded),
      cmocka_unit_test(data_follows_the_exact_size),
      cmocka_unit_test(data_of_an_older_block_survives_a_rewind),
      cmocka_unit_test(data_is_never_more_than_used),
      cmocka_unit_test(resizing_counts_the_same_in_place_and_moving),
  };
  return cmocka_run_group_tests_name("realloc", tests, NULL, NULL);
}
