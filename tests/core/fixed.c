/* Arenas in a caller's buffer. */
#include "core_test.h"
#include "watched_source.h"

static _Alignas(4096) char buffer[65536];

static void assert_open_fails(void *start, size_t size, const harena_options *options) {
  errno = 0;
  assert_null(harena_open_in(start, size, options));
  assert_int_equal(errno, EINVAL);
}

static void a_null_buffer_is_invalid(void **state) {
  (void)state;
  assert_open_fails(NULL, sizeof buffer, NULL);
  assert_open_fails(NULL, 0, NULL);
}

static void a_buffer_below_the_overhead_is_invalid(void **state) {
  (void)state;
  for (size_t size = 0; size < HARENA_OVERHEAD; size++) {
    assert_open_fails(buffer, size, NULL);
  }
}

static void exactly_the_overhead_opens_an_arena_without_room(void **state) {
  (void)state;
  for (size_t more = 0; more < 8; more++) {
    harena *arena = harena_open_in(buffer, HARENA_OVERHEAD + more, NULL);
    assert_non_null(arena);
    assert_int_equal(harena_measure(arena).available_bytes, 0);
    assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, 1, 1));
    assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, 0, 8));
    harena_clear(arena);
    harena_close(arena);
  }
}

/* Aligning it to 16 costs up to 15 bytes, which then are missing. */
static void a_misaligned_buffer_is_aligned(void **state) {
  (void)state;
  for (size_t offset = 0; offset < 16; offset++) {
    size_t lost = (16 - offset) % 16;
    assert_open_fails(buffer + offset, HARENA_OVERHEAD + lost - 1, NULL);
    harena *arena = harena_open_in(buffer + offset, HARENA_OVERHEAD + lost + 64, NULL);
    assert_non_null(arena);
    assert_true(is_aligned(arena, 16));
    fill(harena_alloc(arena, 64, 8), 64, 1);
    assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, 1, 8));
    harena_close(arena);
  }
}

static void all_of_the_rest_is_for_blocks(void **state) {
  (void)state;
  for (size_t room = 0; room <= 300; room++) {
    harena *arena = harena_open_in(buffer, HARENA_OVERHEAD + room, NULL);
    size_t served = 0;
    while (harena_alloc(arena, 8, 8)) {
      served += 8;
    }
    assert_int_equal(served, room / 8 * 8);
    assert_int_equal(used(arena), served);
    harena_close(arena);
  }
}

/* Nothing is written outside of what was given. */
static void the_bytes_around_the_buffer_are_left_alone(void **state) {
  (void)state;
  for (size_t size = HARENA_OVERHEAD; size < HARENA_OVERHEAD + 40; size++) {
    memset(buffer, 0x5A, 8192);
    harena *arena = harena_open_in(buffer + 96, size, NULL);
    char *block;
    while ((block = harena_alloc(arena, 8, 8))) {
      fill(block, 8, 1);
    }
    harena_clear(arena);
    harena_close(arena);
    for (size_t i = 0; i < 8192; i++) {
      assert_true((i >= 96 && i < 96 + size) || buffer[i] == 0x5A);
    }
  }
}

static void it_lies_in_the_buffer(void **state) {
  (void)state;
  harena *arena = harena_open_in(buffer, sizeof buffer, &(harena_options){.name = "fixed"});
  assert_ptr_equal((void *)arena, buffer);
  char *block = filled_block(arena, 1000, 1);
  assert_true((uintptr_t)block - (uintptr_t)buffer < sizeof buffer);
  assert_string_equal(harena_name(arena), "fixed");
  assert_int_equal(harena_measure(arena).capacity_bytes, sizeof buffer);
  assert_int_equal(harena_measure(arena).reserved_bytes, sizeof buffer);
  harena_close(arena);
}

static void a_parent_or_a_source_is_invalid(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(NULL);
  assert_open_fails(buffer, sizeof buffer, &(harena_options){.parent = parent});
  assert_open_fails(buffer, sizeof buffer, &(harena_options){.source = &source.source});
  assert_open_fails(buffer, sizeof buffer, &(harena_options){.flags = 1U << 20});
  assert_open_fails(buffer, sizeof buffer, &(harena_options){.limit = 1, .initial_capacity = 2});
  assert_int_equal(source.asked, 0);
  harena_close(parent);
}

static void an_initial_capacity_that_fits_opens(void **state) {
  (void)state;
  harena_options options = {.initial_capacity = 1000};
  harena_close(harena_open_in(buffer, HARENA_OVERHEAD + 1000, &options));
  errno = 0;
  assert_null(harena_open_in(buffer, HARENA_OVERHEAD + 999, &options));
  assert_int_equal(errno, ENOMEM);
}

static void members_beyond_options_size_count_as_zero(void **state) {
  (void)state;
  harena_options options;
  memset(&options, 0xFF, sizeof options);
  options.name = "short";
  harena *arena = harena_open_in_sized(buffer, sizeof buffer, &options,
                                       offsetof(harena_options, initial_capacity));
  assert_non_null(arena);
  assert_string_equal(harena_name(arena), "short");
  harena_close(arena);
}

static void it_clears_and_rewinds_like_any_other(void **state) {
  (void)state;
  harena *arena = harena_open_in(buffer, HARENA_OVERHEAD + 1000, NULL);
  for (int round = 0; round < 50; round++) {
    fill(harena_alloc(arena, 504, 8), 504, 1);
    harena_mark mark = harena_save(arena);
    for (int again = 0; again < 3; again++) {
      fill(harena_alloc(arena, 496, 8), 496, 2);
      assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, 1, 8));
      harena_rewind(arena, mark);
    }
    harena_trim(arena);
    harena_clear(arena);
    assert_int_equal(used(arena), 0);
  }
  harena_close(arena);
}

static void it_recycles(void **state) {
  (void)state;
  harena *arena =
      harena_open_in(buffer, HARENA_OVERHEAD + 1000, &(harena_options){.flags = HARENA_RECYCLE});
  char *first = filled_block(arena, 400, 1);
  char *second = filled_block(arena, 600, 2);
  harena_free(arena, first, 400);
  assert_int_equal(used(arena), 600);
  if (!harena_instrumented()) {
    fill(harena_alloc(arena, 200, 8), 200, 3);
    fill(harena_alloc(arena, 200, 8), 200, 3);
  }
  assert_filled(second, 600, 2);
  harena_close(arena);
}

static void the_buffer_can_be_used_again(void **state) {
  (void)state;
  for (int round = 0; round < 5; round++) {
    memset(buffer, 0xC3, sizeof buffer);
    harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
    filled_block(arena, 10000, 1);
    assert_zero(harena_alloc_zeroed(arena, 20000, 8), 20000);
    harena_close(arena);
  }
}

static void many_fixed_arenas_live_side_by_side(void **state) {
  (void)state;
  enum { COUNT = 20, SIZE = 2048 };
  harena *arenas[COUNT];
  char *blocks[COUNT];
  for (unsigned i = 0; i < COUNT; i++) {
    arenas[i] = harena_open_in(buffer + (size_t)i * SIZE, SIZE, NULL);
    blocks[i] = filled_block(arenas[i], SIZE - HARENA_OVERHEAD, i);
  }
  for (unsigned i = 0; i < COUNT; i++) {
    assert_filled(blocks[i], SIZE - HARENA_OVERHEAD, i);
    harena_close(arenas[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_null_buffer_is_invalid),
      cmocka_unit_test(a_buffer_below_the_overhead_is_invalid),
      cmocka_unit_test(exactly_the_overhead_opens_an_arena_without_room),
      cmocka_unit_test(a_misaligned_buffer_is_aligned),
      cmocka_unit_test(all_of_the_rest_is_for_blocks),
      cmocka_unit_test(the_bytes_around_the_buffer_are_left_alone),
      cmocka_unit_test(it_lies_in_the_buffer),
      cmocka_unit_test(a_parent_or_a_source_is_invalid),
      cmocka_unit_test(an_initial_capacity_that_fits_opens),
      cmocka_unit_test(members_beyond_options_size_count_as_zero),
      cmocka_unit_test(it_clears_and_rewinds_like_any_other),
      cmocka_unit_test(it_recycles),
      cmocka_unit_test(the_buffer_can_be_used_again),
      cmocka_unit_test(many_fixed_arenas_live_side_by_side),
  };
  return cmocka_run_group_tests_name("fixed", tests, NULL, NULL);
}
