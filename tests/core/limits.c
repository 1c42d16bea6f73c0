/* Limits, to the byte. */
#include "core_test.h"
#include "watched_source.h"

static void a_limit_is_exact(void **state) {
  (void)state;
  for (size_t limit = 8; limit <= 4000; limit += 8) {
    harena *arena = harena_open(&(harena_options){.limit = limit});
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, limit + 1, 8));
    assert_non_null(harena_alloc(arena, limit, 8));
    assert_int_equal(used(arena), limit);
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 0, 8));
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 1));
    harena_close(arena);
  }
}

static void a_limit_is_exact_in_small_steps(void **state) {
  (void)state;
  for (size_t size = 1; size <= 100; size++) {
    harena *arena = harena_open(&(harena_options){.limit = 5000});
    size_t count = 5000 / charge_of(size);
    for (size_t i = 0; i < count; i++) {
      assert_non_null(harena_alloc(arena, size, 8));
    }
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, size, 8));
    assert_int_equal(used(arena), count * charge_of(size));
    harena_close(arena);
  }
}

static void a_limit_is_exact_over_many_chunks(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000000});
  for (size_t i = 0; i < 1000; i++) {
    assert_non_null(harena_alloc(arena, i % 2 ? 8 : 1992, 8));
  }
  assert_int_equal(used(arena), 1000000);
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 8));
  harena_close(arena);
}

static void limits_are_rounded_down_to_8(void **state) {
  (void)state;
  for (size_t limit = 1; limit <= 64; limit++) {
    harena *arena = harena_open(&(harena_options){.limit = limit});
    size_t served = 0;
    while (harena_alloc(arena, 1, 1)) {
      served += 8;
    }
    assert_int_equal(served, limit / 8 * 8);
    assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
    harena_close(arena);
  }
}

/* The record, chunk tails and redzones are not charged: nothing is, before the first block. */
static void only_blocks_are_charged(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100000, .initial_capacity = 100000});
  assert_int_equal(used(arena), 0);
  for (int i = 0; i < 10; i++) {
    assert_non_null(harena_alloc(arena, 10000, 8));
  }
  assert_int_equal(used(arena), 100000);
  harena_close(arena);
}

/* At an address that the buffer fixes, so that the padding is known. */
static void the_padding_of_large_alignments_is_charged(void **state) {
  (void)state;
  _Alignas(4096) static char buffer[HARENA_OVERHEAD + 16384];
  for (size_t align = 16; align <= 4096; align *= 2) {
    harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
    char *first = harena_alloc(arena, 8, 8);
    char *second = harena_alloc(arena, 8, align);
    assert_int_equal(used(arena), second + 8 - first);
    harena_close(arena);
  }
}

static void padding_counts_towards_the_limit(void **state) {
  (void)state;
  _Alignas(4096) static char buffer[HARENA_OVERHEAD + 16384];
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  size_t padding = 0;
  assert_non_null(harena_alloc(arena, 8, 8));
  assert_non_null(harena_alloc(arena, 8, 1024));
  padding = used(arena) - 16;
  harena_close(arena);
  for (size_t missing = 0; missing <= 8; missing += 8) {
    harena_options options = {.limit = padding + 16 - missing};
    arena = harena_open_in(buffer, sizeof buffer, &options);
    assert_non_null(harena_alloc(arena, 8, 8));
    assert_int_equal(harena_alloc(arena, 8, 1024) != NULL, missing == 0);
    harena_close(arena);
  }
}

/* A refusal for the padding's sake, after a chunk was taken for it. */
static void a_refused_alignment_charges_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 64});
  assert_non_null(harena_alloc(arena, 8, 8));
  size_t before = used(arena);
  for (int i = 0; i < 20; i++) {
    if (!harena_alloc(arena, 8, opaque(65536))) {
      assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
      assert_int_equal(used(arena), before);
    }
    before = used(arena);
  }
  harena_close(arena);
}

static void clear_gives_the_whole_limit_again(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 3000});
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < 30; i++) {
      assert_non_null(harena_alloc(arena, 100 - 4, 8));
    }
    assert_int_equal(used(arena), 30 * 96);
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 121, 8));
    harena_clear(arena);
  }
  harena_close(arena);
}

static void rewind_gives_the_limit_again(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 3000});
  assert_non_null(harena_alloc(arena, 1000, 8));
  harena_mark mark = harena_save(arena);
  for (int round = 0; round < 5; round++) {
    assert_non_null(harena_alloc(arena, 2000, 8));
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 8));
    harena_rewind(arena, mark);
  }
  harena_close(arena);
}

static void set_limit_raises_and_lowers(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 200, 8));
  assert_true(harena_set_limit(arena, 200));
  assert_int_equal(harena_measure(arena).capacity_bytes, 200);
  assert_non_null(harena_alloc(arena, 200, 8));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 8));
  harena_clear(arena);
  assert_true(harena_set_limit(arena, 50));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 49, 8));
  assert_non_null(harena_alloc(arena, 48, 8));
  harena_close(arena);
}

static void set_limit_below_what_is_in_use_is_invalid(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_non_null(harena_alloc(arena, 1000, 8));
  assert_refused(arena, HARENA_INVALID, harena_set_limit(arena, 1));
  assert_refused(arena, HARENA_INVALID, harena_set_limit(arena, 992));
  assert_refused(arena, HARENA_INVALID, harena_set_limit(arena, 999));
  assert_int_equal(harena_measure(arena).capacity_bytes, SIZE_MAX);
  assert_non_null(harena_alloc(arena, 5000, 8));
  harena_close(arena);
}

static void set_limit_to_what_is_in_use_is_allowed(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_non_null(harena_alloc(arena, 1000, 8));
  assert_true(harena_set_limit(arena, 1007));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 8));
  assert_true(harena_set_limit(arena, 1008));
  assert_non_null(harena_alloc(arena, 1, 8));
  harena_close(arena);
}

static void set_limit_0_takes_it_away(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  assert_true(harena_set_limit(arena, 0));
  assert_int_equal(harena_measure(arena).capacity_bytes, SIZE_MAX);
  assert_non_null(harena_alloc(arena, 100000, 8));
  harena_close(arena);
}

/* The limit moves while blocks come and go, one step behind what is in use. */
static void a_moving_limit_is_always_exact(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 8; size < 20000; size += 264) {
    assert_true(harena_set_limit(arena, used(arena) + size));
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, size + 1, 8));
    assert_non_null(harena_alloc(arena, size, 8));
    assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1, 8));
  }
  harena_close(arena);
}

static void eight_marks_are_not_charged(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 16});
  for (int i = 0; i < 8; i++) {
    assert_non_null(harena_save(arena).arena);
  }
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static void a_limit_refusal_asks_the_source_for_nothing(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source, .limit = 10000});
  size_t asked = source.asked;
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 10001, 8));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 10001, 4096));
  assert_int_equal(source.asked, asked);
  harena_close(arena);
}

static void a_limit_over_the_buffer_is_the_buffer(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 64];
  harena *arena = harena_open_in(buffer, sizeof buffer, &(harena_options){.limit = 1000});
  assert_int_equal(harena_measure(arena).capacity_bytes, 1000);
  assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, 65, 8));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1001, 8));
  assert_non_null(harena_alloc(arena, 64, 8));
  harena_close(arena);
}

/* Too large for the current chunk, so that each has one for itself, with padding at its start. At
 * fresh addresses each aligned block needs padding anew. */
static void padding_is_charged_as_long_as_its_block(void **state) {
  (void)state;
  if (harena_instrumented()) {
    skip();
  }
  static const unsigned flags[] = {0, HARENA_RECYCLE, HARENA_COUNT};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    harena *arena = harena_open(&(harena_options){.limit = 1 << 20, .flags = flags[i]});
    for (int round = 0; round < 1000; round++) {
      void *block = harena_alloc(arena, 100000, opaque(4096));
      assert_non_null(block);
      block = harena_realloc(arena, block, 100000, 200000, opaque(4096));
      assert_non_null(block);
      harena_free(arena, block, 200000);
      assert_true(used(arena) < 100000);
    }
    harena_close(arena);
  }
}

static void a_refused_alignment_costs_the_parent_nothing(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 200000});
  harena *child = harena_open(&(harena_options){.parent = parent, .limit = 1000});
  size_t before = used(parent);
  assert_refused(child, HARENA_LIMIT, harena_alloc(child, 64, opaque(65536)));
  assert_int_equal(used(parent), before);
  assert_non_null(harena_alloc(parent, 150000, 8));
  harena_close(parent);
}

/* With pages for each block there may be no padding. */
static void a_refused_alignment_gives_nothing_kept_away(void **state) {
  (void)state;
  if (harena_instrumented()) {
    skip();
  }
  harena *arena = harena_open(&(harena_options){.initial_capacity = 100000, .retain_limit = 50000});
  size_t reserved = harena_measure(arena).reserved_bytes;
  assert_true(harena_set_limit(arena, 1000));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 64, opaque(65536)));
  assert_int_equal(harena_measure(arena).reserved_bytes, reserved);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_limit_is_exact),
      cmocka_unit_test(a_limit_is_exact_in_small_steps),
      cmocka_unit_test(a_limit_is_exact_over_many_chunks),
      cmocka_unit_test(limits_are_rounded_down_to_8),
      cmocka_unit_test(only_blocks_are_charged),
      cmocka_unit_test(the_padding_of_large_alignments_is_charged),
      cmocka_unit_test(padding_counts_towards_the_limit),
      cmocka_unit_test(a_refused_alignment_charges_nothing),
      cmocka_unit_test(padding_is_charged_as_long_as_its_block),
      cmocka_unit_test(a_refused_alignment_costs_the_parent_nothing),
      cmocka_unit_test(a_refused_alignment_gives_nothing_kept_away),
      cmocka_unit_test(clear_gives_the_whole_limit_again),
      cmocka_unit_test(rewind_gives_the_limit_again),
      cmocka_unit_test(set_limit_raises_and_lowers),
      cmocka_unit_test(set_limit_below_what_is_in_use_is_invalid),
      cmocka_unit_test(set_limit_to_what_is_in_use_is_allowed),
      cmocka_unit_test(set_limit_0_takes_it_away),
      cmocka_unit_test(a_moving_limit_is_always_exact),
      cmocka_unit_test(eight_marks_are_not_charged),
      cmocka_unit_test(a_limit_refusal_asks_the_source_for_nothing),
      cmocka_unit_test(a_limit_over_the_buffer_is_the_buffer),
  };
  return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
