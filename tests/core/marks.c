/* Marks: places to come back to. */
#include "core_test.h"
#include "watched_source.h"

static bool is_dead(harena_mark mark) { return mark.arena == NULL; }

static harena_mark saved(harena *arena) {
  harena_mark mark = harena_save(arena);
  assert_false(is_dead(mark));
  return mark;
}

static void assert_dead(harena *arena, harena_mark mark) {
  size_t before = used(arena);
  assert_panics("dead mark", harena_rewind(arena, mark));
  assert_non_null(strstr(panic_message(), harena_name(arena)));
  assert_int_equal(used(arena), before);
}

static void rewind_ends_what_came_since(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *kept = filled_block(arena, 100, 1);
  harena_mark mark = saved(arena);
  for (size_t size = 1; size < 300000; size *= 4) {
    filled_block(arena, size, 2);
  }
  harena_rewind(arena, mark);
  assert_int_equal(used(arena), 104);
  assert_filled(kept, 100, 1);
  harena_close(arena);
}

static void a_mark_may_be_rewound_to_many_times(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  char *kept = filled_block(arena, 100, 1);
  harena_mark mark = saved(arena);
  size_t asked = 0;
  for (size_t round = 0; round < 10000; round++) {
    filled_block(arena, 40, 2);
    assert_non_null(harena_alloc(arena, 5000, 8));
    harena_rewind(arena, mark);
    assert_int_equal(used(arena), 104);
    asked = round == 5 ? source.asked : asked;
  }
  harena_rewind(arena, mark);
  assert_int_equal(source.asked, asked);
  assert_filled(kept, 100, 1);
  harena_close(arena);
}

static void marks_nest(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  filled_block(arena, 8, 1);
  harena_mark outer = saved(arena);
  filled_block(arena, 16, 2);
  harena_mark inner = saved(arena);
  filled_block(arena, 32, 3);
  harena_rewind(arena, inner);
  assert_int_equal(used(arena), 24);
  filled_block(arena, 64, 3);
  harena_rewind(arena, outer);
  assert_int_equal(used(arena), 8);
  assert_dead(arena, inner);
  harena_rewind(arena, outer);
  harena_close(arena);
}

/* The first eight need no memory; each further one is charged as a block. */
static void many_marks_nest(void **state) {
  (void)state;
  enum { COUNT = 100 };
  harena_mark marks[COUNT];
  size_t charged[COUNT];
  char *blocks[COUNT];
  harena *arena = harena_open(NULL);
  for (unsigned i = 0; i < COUNT; i++) {
    marks[i] = saved(arena);
    charged[i] = used(arena);
    assert_true(i >= 8 || charged[i] == i * 56);
    blocks[i] = filled_block(arena, 50, i);
  }
  for (unsigned i = COUNT; i-- > 0;) {
    assert_filled(blocks[i], 50, i);
    harena_rewind(arena, marks[i]);
    assert_int_equal(used(arena), charged[i]);
  }
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static void marks_over_the_eighth_come_and_go(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_mark first = saved(arena);
  size_t peak = 0;
  for (int round = 0; round < 100; round++) {
    for (int i = 0; i < 30; i++) {
      filled_block(arena, 10, 1);
      saved(arena);
    }
    harena_rewind(arena, first);
    assert_int_equal(used(arena), 0);
    peak = round == 0 ? harena_measure(arena).peak_bytes : peak;
  }
  assert_int_equal(harena_measure(arena).peak_bytes, peak);
  harena_close(arena);
}

static void rewinding_to_the_middle_kills_the_later_ones(void **state) {
  (void)state;
  enum { COUNT = 20 };
  harena_mark marks[COUNT];
  for (int middle = 0; middle < COUNT; middle++) {
    harena *arena = harena_open(NULL);
    for (int i = 0; i < COUNT; i++) {
      marks[i] = saved(arena);
      filled_block(arena, 100, 1);
    }
    harena_rewind(arena, marks[middle]);
    for (int i = middle + 1; i < COUNT; i++) {
      assert_dead(arena, marks[i]);
    }
    for (int i = middle; i >= 0; i--) {
      harena_rewind(arena, marks[i]);
    }
    assert_int_equal(used(arena), 0);
    harena_close(arena);
  }
}

static void marks_at_the_same_place_share_an_entry(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  filled_block(arena, 100, 1);
  harena_mark first = saved(arena);
  for (int i = 0; i < 1000; i++) {
    harena_mark same = saved(arena);
    filled_block(arena, 30, 2);
    harena_rewind(arena, i % 2 ? same : first);
    assert_int_equal(used(arena), 104);
  }
  harena_close(arena);
}

static void a_mark_in_an_empty_arena_is_the_start(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_mark mark = saved(arena);
  filled_block(arena, 100000, 1);
  harena_rewind(arena, mark);
  assert_int_equal(used(arena), 0);
  assert_dead(arena, (harena_mark){0});
  harena_close(arena);
}

static void a_zeroed_mark_is_dead(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_dead(arena, (harena_mark){0});
  saved(arena);
  assert_dead(arena, (harena_mark){0});
  harena_close(arena);
}

static void a_mark_of_another_arena_is_dead(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  harena_mark mark = saved(other);
  saved(arena);
  assert_dead(arena, mark);
  harena_rewind(other, mark);
  harena_close(arena);
  harena_close(other);
}

static void a_mark_of_a_past_generation_is_dead(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_mark mark = saved(arena);
  harena_clear(arena);
  assert_dead(arena, mark);
  harena_mark newer = saved(arena);
  assert_dead(arena, mark);
  harena_rewind(arena, newer);
  harena_close(arena);
}

/* Perhaps at the very same address. */
static void a_mark_of_a_closed_arena_is_dead(void **state) {
  (void)state;
  _Alignas(16) static char buffer[4096];
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  harena_mark mark = saved(arena);
  harena_close(arena);
  arena = harena_open_in(buffer, sizeof buffer, NULL);
  assert_dead(arena, mark);
  saved(arena);
  assert_dead(arena, mark);
  harena_close(arena);
}

static void a_forged_mark_is_dead(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_mark mark = saved(arena);
  assert_dead(arena, (harena_mark){arena, 0});
  assert_dead(arena, (harena_mark){arena, UINT64_MAX});
  assert_dead(arena, (harena_mark){arena, mark.stamp + 1});
  harena_rewind(arena, mark);
  harena_close(arena);
}

static void a_save_without_memory_is_dead(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8 * 8});
  for (int i = 0; i < 8; i++) {
    saved(arena);
    filled_block(arena, 8, 1);
  }
  errno = 0;
  harena_mark mark = harena_save(arena);
  assert_true(is_dead(mark));
  assert_int_equal(errno, EDQUOT);
  assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
  assert_int_equal(used(arena), 64);
  assert_dead(arena, mark);
  harena_close(arena);
}

static void a_save_without_memory_can_panic(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8 * 8, .flags = HARENA_ABORT_ON_FAILURE});
  for (int i = 0; i < 8; i++) {
    saved(arena);
    filled_block(arena, 8, 1);
  }
  assert_panics("over the limit", harena_save(arena));
  assert_int_equal(used(arena), 64);
  harena_close(arena);
}

static void rewind_restores_the_exact_figures(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  for (size_t size = 1; size < 100; size += 9) {
    filled_block(arena, size, 1);
  }
  harena_mark mark = saved(arena);
  harena_metrics before = harena_measure(arena);
  for (size_t size = 1; size < 10000; size = size * 2 + 1) {
    filled_block(arena, size, 1);
  }
  size_t peak = used(arena);
  harena_rewind(arena, mark);
  harena_metrics after = harena_measure(arena);
  assert_int_equal(after.used_bytes, before.used_bytes);
  assert_int_equal(after.data_bytes, before.data_bytes);
  assert_int_equal(after.padding_bytes, before.padding_bytes);
  assert_int_equal(after.peak_bytes, peak);
  assert_true(after.allocations > before.allocations);
  assert_int_equal(after.clears, 0);
  harena_close(arena);
}

static void rewind_leaves_the_status(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 100});
  harena_mark mark = saved(arena);
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 200, 8));
  harena_rewind(arena, mark);
  assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
  harena_close(arena);
}

/* The mark's place in every chunk of a stack that also has chunks for single blocks. */
static void marks_hold_at_every_kind_of_place(void **state) {
  (void)state;
  enum { COUNT = 60 };
  static const size_t sizes[] = {24, 3000, 12000, 8, 100000, 700};
  harena_mark marks[COUNT];
  char *blocks[COUNT];
  size_t charged[COUNT];
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 3; round++) {
    for (unsigned i = 0; i < COUNT; i++) {
      marks[i] = saved(arena);
      charged[i] = used(arena);
      blocks[i] = filled_block(arena, sizes[i % 6], i);
    }
    for (unsigned i = COUNT; i-- > 1;) {
      harena_rewind(arena, marks[i]);
      assert_int_equal(used(arena), charged[i]);
      filled_block(arena, sizes[(i + 1) % 6], 99);
      assert_filled(blocks[i - 1], sizes[(i - 1) % 6], i - 1);
    }
    harena_rewind(arena, marks[0]);
    assert_int_equal(used(arena), 0);
  }
  harena_close(arena);
}

static void clear_ends_all_marks(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 50; round++) {
    for (int i = 0; i < 12; i++) {
      saved(arena);
      filled_block(arena, 100, 1);
    }
    harena_clear(arena);
    assert_int_equal(used(arena), 0);
  }
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rewind_ends_what_came_since),
      cmocka_unit_test(a_mark_may_be_rewound_to_many_times),
      cmocka_unit_test(marks_nest),
      cmocka_unit_test(many_marks_nest),
      cmocka_unit_test(marks_over_the_eighth_come_and_go),
      cmocka_unit_test(rewinding_to_the_middle_kills_the_later_ones),
      cmocka_unit_test(marks_at_the_same_place_share_an_entry),
      cmocka_unit_test(a_mark_in_an_empty_arena_is_the_start),
      cmocka_unit_test(a_zeroed_mark_is_dead),
      cmocka_unit_test(a_mark_of_another_arena_is_dead),
      cmocka_unit_test(a_mark_of_a_past_generation_is_dead),
      cmocka_unit_test(a_mark_of_a_closed_arena_is_dead),
      cmocka_unit_test(a_forged_mark_is_dead),
      cmocka_unit_test(a_save_without_memory_is_dead),
      cmocka_unit_test(a_save_without_memory_can_panic),
      cmocka_unit_test(rewind_restores_the_exact_figures),
      cmocka_unit_test(rewind_leaves_the_status),
      cmocka_unit_test(marks_hold_at_every_kind_of_place),
      cmocka_unit_test(clear_ends_all_marks),
  };
  return cmocka_run_group_tests_name("marks", tests, NULL, NULL);
}
