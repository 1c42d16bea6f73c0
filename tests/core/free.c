/* Giving single blocks back. */
#include "core_test.h"
#include "watched_source.h"

static void null_does_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  filled_block(arena, 10, 1);
  harena_free(arena, NULL, 10);
  assert_int_equal(used(arena), 16);
  assert_int_equal(harena_last_status(arena), HARENA_OK);
  harena_close(arena);
}

static void the_youngest_is_refunded(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 0; size < 3000; size += 37) {
    char *block = filled_block(arena, size, 1);
    harena_free(arena, block, size);
    assert_int_equal(used(arena), 0);
    assert_int_equal(harena_measure(arena).peak_bytes, charge_of(size));
  }
  harena_close(arena);
}

static void its_place_is_used_again(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  uint64_t before = harena_measure(arena).chunks_acquired;
  for (int i = 0; i < 100000; i++) {
    char *block = harena_alloc(arena, 500, 8);
    assert_non_null(block);
    harena_free(arena, block, 500);
  }
  if (!harena_instrumented()) {
    assert_int_equal(harena_measure(arena).chunks_acquired, before);
  }
  harena_close(arena);
}

static void others_stay_charged(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *first = filled_block(arena, 100, 1);
  char *second = filled_block(arena, 100, 2);
  harena_free(arena, first, 100);
  assert_int_equal(used(arena), 208);
  assert_filled(second, 100, 2);
  harena_free(arena, second, 100);
  assert_int_equal(used(arena), 104);
  harena_clear(arena);
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static size_t size_in_stack(size_t index) {
  static const size_t sizes[] = {8, 300, 24, 2000, 9000, 1, 16, 70000, 0, 64, 2500, 5000};
  return sizes[index % (sizeof sizes / sizeof sizes[0])];
}

/* Last in, first out over chunk borders and blocks with chunks of their own: each is the
 * youngest when it is freed. */
static void a_stack_of_blocks_is_refunded_to_the_bottom(void **state) {
  (void)state;
  enum { COUNT = 200 };
  char *blocks[COUNT];
  size_t charged[COUNT + 1] = {0};
  harena *arena = harena_open(NULL);
  for (size_t offset = 0; offset < 12; offset++) {
    for (size_t i = 0; i < COUNT; i++) {
      blocks[i] = filled_block(arena, size_in_stack(i + offset), (unsigned)i);
      charged[i + 1] = used(arena);
    }
    for (size_t i = COUNT; i-- > 0;) {
      assert_int_equal(used(arena), charged[i + 1]);
      assert_filled(blocks[i], size_in_stack(i + offset), (unsigned)i);
      harena_free(arena, blocks[i], size_in_stack(i + offset));
    }
    assert_int_equal(used(arena), 0);
  }
  harena_close(arena);
}

/* At every depth a block comes and goes a few times, which crosses each chunk border. */
static void climb(harena *arena, char **blocks, size_t depths) {
  for (size_t depth = 0; depth < depths; depth++) {
    for (int again = 0; again < 3; again++) {
      blocks[depth] = filled_block(arena, size_in_stack(depth), 1);
      harena_free(arena, blocks[depth], size_in_stack(depth));
    }
    blocks[depth] = filled_block(arena, size_in_stack(depth), 1);
  }
}

static void a_stack_that_goes_up_and_down_takes_no_more_chunks(void **state) {
  (void)state;
  enum { COUNT = 100 };
  char *blocks[COUNT];
  size_t granted = 0;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  for (int round = 0; round < 4; round++) {
    climb(arena, blocks, COUNT);
    for (size_t depth = COUNT; depth-- > 0;) {
      harena_free(arena, blocks[depth], size_in_stack(depth));
    }
    assert_int_equal(used(arena), 0);
    granted = round == 0 ? source.granted : granted;
  }
  assert_true(source.granted == granted || harena_instrumented());
  harena_close(arena);
  assert_all_released(&source);
}

static void with_recycle_any_block_is_refunded(void **state) {
  (void)state;
  enum { COUNT = 100 };
  char *blocks[COUNT];
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  for (size_t i = 0; i < COUNT; i++) {
    blocks[i] = filled_block(arena, size_in_stack(i), (unsigned)i);
  }
  size_t left = used(arena);
  for (size_t n = 0; n < COUNT; n++) {
    size_t i = n * 37 % COUNT;
    assert_filled(blocks[i], size_in_stack(i), (unsigned)i);
    harena_free(arena, blocks[i], size_in_stack(i));
    left -= charge_of(size_in_stack(i));
    assert_int_equal(used(arena), left);
  }
  assert_int_equal(left, 0);
  harena_close(arena);
}

static void with_recycle_freed_blocks_are_used_again(void **state) {
  (void)state;
  enum { COUNT = 64 };
  char *blocks[COUNT] = {0};
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source, .flags = HARENA_RECYCLE});
  size_t granted = 0;
  for (size_t n = 0; n < 20000; n++) {
    size_t i = n * 37 % COUNT;
    harena_free(arena, blocks[i], 8 + i * 5);
    blocks[i] = filled_block(arena, 8 + i * 5, (unsigned)i);
    granted = n == 2000 ? source.granted : granted;
  }
  for (size_t i = 0; i < COUNT; i++) {
    assert_filled(blocks[i], 8 + i * 5, (unsigned)i);
  }
  if (!harena_instrumented()) {
    assert_int_equal(source.granted, granted);
  }
  harena_close(arena);
  assert_all_released(&source);
}

/* Together they are larger than what is left of the chunk. */
static void with_recycle_a_large_block_serves_small_ones(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source, .flags = HARENA_RECYCLE});
  char *large = filled_block(arena, 2400, 1);
  filled_block(arena, 8, 2);
  harena_free(arena, large, 2400);
  for (size_t i = 0; i < 100; i++) {
    filled_block(arena, 24, 3);
  }
  assert_int_equal(used(arena), 2408);
  assert_true(source.granted == 1 || harena_instrumented());
  harena_close(arena);
}

static void with_recycle_alignment_is_kept(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  for (size_t round = 0; round < 300; round++) {
    size_t align = (size_t)8 << round % 6;
    char *block = harena_alloc(arena, 40 + round % 3 * 8, align);
    assert_true(is_aligned(block, align));
    fill(block, 40, 1);
    filled_block(arena, 8, 1);
    harena_free(arena, block, 40 + round % 3 * 8);
  }
  harena_close(arena);
}

static void with_recycle_a_limit_holds(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000, .flags = HARENA_RECYCLE});
  char *first = filled_block(arena, 400, 1);
  filled_block(arena, 400, 2);
  harena_free(arena, first, 400);
  filled_block(arena, 600, 3);
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 8));
  harena_close(arena);
}

/* The lists end with the generation: nothing from before comes back. */
static void with_recycle_clear_forgets_freed_blocks(void **state) {
  (void)state;
  enum { COUNT = 40 };
  char *blocks[COUNT];
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  for (int round = 0; round < 20; round++) {
    for (size_t i = 0; i < COUNT; i++) {
      blocks[i] = filled_block(arena, 16 + i * 8, (unsigned)i);
    }
    for (size_t i = 0; i < COUNT; i += 2) {
      harena_free(arena, blocks[i], 16 + i * 8);
    }
    for (size_t i = 1; i < COUNT; i += 2) {
      assert_filled(blocks[i], 16 + i * 8, (unsigned)i);
    }
    harena_clear(arena);
    assert_int_equal(used(arena), 0);
  }
  harena_close(arena);
}

static void across_a_mark_nothing_is_refunded(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  harena_mark mark = harena_save(arena);
  harena_free(arena, block, 100);
  assert_int_equal(used(arena), 104);
  char *next = filled_block(arena, 100, 2);
  assert_ptr_not_equal(next, block);
  harena_free(arena, next, 100);
  assert_int_equal(used(arena), 104);
  harena_rewind(arena, mark);
  assert_int_equal(used(arena), 104);
  harena_close(arena);
}

static void since_a_mark_the_youngest_is_refunded(void **state) {
  (void)state;
  enum { COUNT = 50 };
  char *blocks[COUNT];
  harena *arena = harena_open(NULL);
  filled_block(arena, 100, 1);
  harena_mark mark = harena_save(arena);
  for (size_t i = 0; i < COUNT; i++) {
    blocks[i] = filled_block(arena, size_in_stack(i), 1);
  }
  for (size_t i = COUNT; i-- > 0;) {
    harena_free(arena, blocks[i], size_in_stack(i));
  }
  assert_int_equal(used(arena), 104);
  filled_block(arena, 5000, 2);
  harena_rewind(arena, mark);
  assert_int_equal(used(arena), 104);
  harena_close(arena);
}

/* While a mark is active nothing is taken from the lists, or a rewind would end an older place. */
static void with_recycle_nothing_is_taken_while_a_mark_is_active(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  char *freed = filled_block(arena, 64, 1);
  filled_block(arena, 8, 2);
  harena_free(arena, freed, 64);
  harena_mark mark = harena_save(arena);
  assert_ptr_not_equal(filled_block(arena, 64, 3), freed);
  harena_rewind(arena, mark);
  assert_ptr_not_equal(filled_block(arena, 64, 3), freed);
  harena_close(arena);
}

static void with_recycle_nothing_younger_than_a_mark_is_put_on_the_lists(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  char *old = filled_block(arena, 64, 1);
  filled_block(arena, 8, 2);
  harena_mark mark = harena_save(arena);
  char *young = filled_block(arena, 64, 3);
  filled_block(arena, 8, 4);
  harena_free(arena, young, 64);
  assert_int_equal(used(arena), 144);
  harena_free(arena, old, 64);
  assert_int_equal(used(arena), 80);
  harena_rewind(arena, mark);
  assert_int_equal(used(arena), 8);
  harena_close(arena);
}

/* A block from before several marks is taken out of what each of them remembers. */
static void with_recycle_a_refund_is_seen_by_every_mark(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE | HARENA_COUNT});
  char *old = filled_block(arena, 60, 1);
  filled_block(arena, 8, 2);
  harena_mark first = harena_save(arena);
  filled_block(arena, 8, 3);
  harena_mark second = harena_save(arena);
  filled_block(arena, 8, 4);
  harena_free(arena, old, 60);
  assert_int_equal(used(arena), 24);
  harena_rewind(arena, second);
  assert_int_equal(used(arena), 16);
  assert_int_equal(harena_measure(arena).data_bytes, 16);
  harena_rewind(arena, first);
  assert_int_equal(used(arena), 8);
  assert_int_equal(harena_measure(arena).data_bytes, 8);
  harena_close(arena);
}

enum { CROWD = 400 };

/* So many blocks that the lists are used, if there is anything on them. */
static void assert_crowd_fits(harena *arena, size_t size) {
  char *blocks[CROWD];
  for (unsigned i = 0; i < CROWD; i++) {
    blocks[i] = harena_alloc(arena, size, opaque(8));
    fill(blocks[i], size, i);
  }
  for (unsigned i = 0; i < CROWD; i++) {
    assert_filled(blocks[i], size, i);
  }
}

/* Younger than the outer mark, older than the inner one: the outer rewind ends it, so it must
 * not wait on a list for the time after. */
static void with_recycle_a_block_between_two_marks_is_not_listed(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  HARENA_SCOPE(arena) {
    char *young = filled_block(arena, 64, 1);
    filled_block(arena, 8, 2);
    assert_non_null(harena_save(arena).arena);
    harena_free(arena, young, 64);
  }
  assert_int_equal(used(arena), 0);
  assert_crowd_fits(arena, 64);
  harena_close(arena);
}

/* A block with a chunk of its own is freed and serves small ones: the chunk holds more than the
 * one that lies last in it. */
static void with_recycle_a_chunk_of_its_own_is_not_given_up_with_blocks_in_it(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  filled_block(arena, 8, 1);
  char *large = filled_block(arena, 8000, 1);
  char *after = filled_block(arena, 8, 1);
  harena_free(arena, large, 8000);
  char *front = harena_alloc(arena, 4000, opaque(16));
  fill(front, 4000, 5);
  char *back = harena_alloc(arena, 4000, opaque(16));
  harena_free(arena, after, 8);
  harena_free(arena, back, 4000);
  char *next = filled_block(arena, 7000, 6);
  assert_filled(front, 4000, 5);
  assert_filled(next, 7000, 6);
  assert_crowd_fits(arena, 64);
  assert_filled(front, 4000, 5);
  harena_close(arena);
}

static void zero_on_clear_wipes_a_freed_block(void **state) {
  (void)state;
  _Alignas(16) static char buffer[HARENA_OVERHEAD + 4096];
  harena *arena =
      harena_open_in(buffer, sizeof buffer, &(harena_options){.flags = HARENA_ZERO_ON_CLEAR});
  char *block = harena_alloc(arena, 100, 8);
  fill(block, 100, 1);
  harena_free(arena, block, 100);
  harena_close(arena);
  if (!harena_instrumented()) {
    assert_zero(buffer + HARENA_OVERHEAD, 4096);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_does_nothing),
      cmocka_unit_test(the_youngest_is_refunded),
      cmocka_unit_test(its_place_is_used_again),
      cmocka_unit_test(others_stay_charged),
      cmocka_unit_test(a_stack_of_blocks_is_refunded_to_the_bottom),
      cmocka_unit_test(a_stack_that_goes_up_and_down_takes_no_more_chunks),
      cmocka_unit_test(with_recycle_any_block_is_refunded),
      cmocka_unit_test(with_recycle_freed_blocks_are_used_again),
      cmocka_unit_test(with_recycle_a_large_block_serves_small_ones),
      cmocka_unit_test(with_recycle_alignment_is_kept),
      cmocka_unit_test(with_recycle_a_limit_holds),
      cmocka_unit_test(with_recycle_clear_forgets_freed_blocks),
      cmocka_unit_test(across_a_mark_nothing_is_refunded),
      cmocka_unit_test(since_a_mark_the_youngest_is_refunded),
      cmocka_unit_test(with_recycle_nothing_is_taken_while_a_mark_is_active),
      cmocka_unit_test(with_recycle_nothing_younger_than_a_mark_is_put_on_the_lists),
      cmocka_unit_test(with_recycle_a_refund_is_seen_by_every_mark),
      cmocka_unit_test(with_recycle_a_block_between_two_marks_is_not_listed),
      cmocka_unit_test(with_recycle_a_chunk_of_its_own_is_not_given_up_with_blocks_in_it),
      cmocka_unit_test(zero_on_clear_wipes_a_freed_block),
  };
  return cmocka_run_group_tests_name("free", tests, NULL, NULL);
}
