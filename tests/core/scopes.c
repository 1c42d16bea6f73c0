/* HARENA_SCOPE: blocks that end with a block of code. */
#include "core_test.h"
#include "watched_source.h"

static harena *open_with_block(void) {
  harena *arena = harena_open(NULL);
  filled_block(arena, 100, 1);
  return arena;
}

static void assert_as_before(harena *arena) {
  assert_int_equal(used(arena), 104);
  harena_close(arena);
}

static void the_end_rewinds(void **state) {
  (void)state;
  harena *arena = open_with_block();
  int runs = 0;
  HARENA_SCOPE(arena) {
    filled_block(arena, 50000, 2);
    runs++;
  }
  assert_int_equal(runs, 1);
  assert_as_before(arena);
}

static void break_rewinds(void **state) {
  (void)state;
  harena *arena = open_with_block();
  int rounds = 0;
  for (int i = 0; i < 3; i++) {
    HARENA_SCOPE(arena) {
      filled_block(arena, 100, 2);
      if (i >= 0) {
        break;
      }
      fail();
    }
    rounds++;
  }
  assert_int_equal(rounds, 3);
  assert_as_before(arena);
}

static void continue_rewinds(void **state) {
  (void)state;
  harena *arena = open_with_block();
  int rounds = 0;
  for (int i = 0; i < 3; i++) {
    HARENA_SCOPE(arena) {
      filled_block(arena, 100, 2);
      if (i >= 0) {
        continue;
      }
      fail();
    }
    rounds++;
  }
  assert_int_equal(rounds, 3);
  assert_as_before(arena);
}

static int returns_from_inside(harena *arena) {
  HARENA_SCOPE(arena) {
    int *number = harena_new(arena, int);
    *number = 42;
    return *number;
  }
  return 0;
}

static void return_rewinds(void **state) {
  (void)state;
  harena *arena = open_with_block();
  assert_int_equal(returns_from_inside(arena), 42);
  assert_as_before(arena);
}

static void goto_rewinds(void **state) {
  (void)state;
  harena *arena = open_with_block();
  HARENA_SCOPE(arena) {
    filled_block(arena, 100, 2);
    HARENA_SCOPE(arena) {
      filled_block(arena, 100, 2);
      goto out;
    }
  }
  fail();
out:
  assert_as_before(arena);
}

static void scopes_nest(void **state) {
  (void)state;
  harena *arena = open_with_block();
  HARENA_SCOPE(arena) {
    char *outer = filled_block(arena, 30, 2);
    HARENA_SCOPE(arena) {
      filled_block(arena, 5000, 3);
      HARENA_SCOPE(arena) { filled_block(arena, 50, 4); }
      assert_int_equal(used(arena), 104 + 32 + 5000);
    }
    assert_int_equal(used(arena), 104 + 32);
    assert_filled(outer, 30, 2);
  }
  assert_as_before(arena);
}

/* Without a block between them they share a mark; only the outermost takes it away. */
static void scopes_nest_at_the_same_place(void **state) {
  (void)state;
  harena *arena = open_with_block();
  HARENA_SCOPE(arena) {
    HARENA_SCOPE(arena) { filled_block(arena, 50, 2); }
    filled_block(arena, 60, 3);
    HARENA_SCOPE(arena) {
      HARENA_SCOPE(arena) { filled_block(arena, 70, 4); }
    }
    assert_int_equal(used(arena), 104 + 64);
  }
  assert_as_before(arena);
}

static void two_scopes_on_one_line(void **state) {
  (void)state;
  harena *arena = open_with_block();
  harena *other = open_with_block();
  HARENA_SCOPE(arena) HARENA_SCOPE(other) filled_block(arena, 9, filled_block(other, 9, 1) != NULL);
  assert_as_before(arena);
  assert_as_before(other);
}

static void descend(harena *arena, unsigned depth) {
  HARENA_SCOPE(arena) {
    char *block = filled_block(arena, 40 + depth, depth);
    if (depth < 200) {
      descend(arena, depth + 1);
    }
    assert_filled(block, 40 + depth, depth);
  }
}

static void scopes_nest_deeper_than_the_record_holds_marks(void **state) {
  (void)state;
  harena *arena = open_with_block();
  descend(arena, 0);
  assert_int_equal(used(arena), 104);
  size_t peak = harena_measure(arena).peak_bytes;
  descend(arena, 0);
  assert_int_equal(harena_measure(arena).peak_bytes, peak);
  assert_as_before(arena);
}

static void a_loop_does_not_grow(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  for (int i = 0; i < 100000; i++) {
    HARENA_SCOPE(arena) { assert_non_null(harena_alloc(arena, 100, 8)); }
  }
  assert_int_equal(used(arena), 0);
  assert_int_equal(harena_measure(arena).peak_bytes, 104);
  assert_int_equal(source.granted, 1);
  harena_close(arena);
}

static void a_loop_under_many_marks_does_not_grow(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  for (int i = 0; i < 12; i++) {
    filled_block(arena, 8, 1);
    assert_non_null(harena_save(arena).arena);
  }
  filled_block(arena, 8, 1);
  size_t before = used(arena);
  size_t granted = source.granted;
  for (int i = 0; i < 100000; i++) {
    HARENA_SCOPE(arena) { assert_non_null(harena_alloc(arena, 100, 8)); }
    assert_int_equal(used(arena), before);
  }
  assert_int_equal(source.granted, granted);
  harena_close(arena);
}

/* After a scope its mark is gone, so that the block before it is the youngest again. */
static void nothing_stays_active_after_a_scope(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = filled_block(arena, 100, 1);
  HARENA_SCOPE(arena) { filled_block(arena, 100, 2); }
  harena_free(arena, block, 100);
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static void a_mark_from_before_outlives_the_scope(void **state) {
  (void)state;
  harena *arena = open_with_block();
  harena_mark mark = harena_save(arena);
  HARENA_SCOPE(arena) { filled_block(arena, 100, 2); }
  filled_block(arena, 100, 2);
  harena_rewind(arena, mark);
  assert_as_before(arena);
}

static void marks_made_inside_are_dead_after_it(void **state) {
  (void)state;
  harena *arena = open_with_block();
  harena_mark mark = {0};
  HARENA_SCOPE(arena) {
    filled_block(arena, 100, 2);
    mark = harena_save(arena);
  }
  assert_panics("dead mark", harena_rewind(arena, mark));
  assert_as_before(arena);
}

static void leave_after_clear(harena *arena) {
  HARENA_SCOPE(arena) {
    filled_block(arena, 100, 2);
    harena_clear(arena);
  }
}

static void clearing_inside_makes_leaving_a_dead_mark(void **state) {
  (void)state;
  harena *arena = open_with_block();
  assert_panics("dead mark", leave_after_clear(arena));
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

static void leave_after_rewind(harena *arena, harena_mark mark) {
  HARENA_SCOPE(arena) {
    filled_block(arena, 100, 2);
    harena_rewind(arena, mark);
  }
}

static void rewinding_to_before_it_makes_leaving_a_dead_mark(void **state) {
  (void)state;
  harena *arena = open_with_block();
  harena_mark mark = harena_save(arena);
  filled_block(arena, 8, 1);
  assert_panics("dead mark", leave_after_rewind(arena, mark));
  assert_as_before(arena);
}

static void count(void *context) { ++*(int *)context; }

static void leaving_runs_cleanups_and_closes_children(void **state) {
  (void)state;
  harena *arena = open_with_block();
  int cleanups = 0;
  HARENA_SCOPE(arena) {
    assert_true(harena_defer(arena, count, &cleanups));
    harena *child = harena_open(&(harena_options){.parent = arena});
    assert_true(harena_defer(child, count, &cleanups));
    assert_int_equal(cleanups, 0);
  }
  assert_int_equal(cleanups, 2);
  assert_as_before(arena);
}

/* The mark cannot be had: the body runs, and its blocks live on. */
static void without_a_mark_the_body_runs(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8 * 8 + 8});
  for (int i = 0; i < 8; i++) {
    assert_non_null(harena_save(arena).arena);
    filled_block(arena, 8, 1);
  }
  int runs = 0;
  HARENA_SCOPE(arena) {
    runs++;
    assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
    filled_block(arena, 8, 2);
  }
  assert_int_equal(runs, 1);
  assert_int_equal(used(arena), 72);
  harena_close(arena);
}

static void two_arenas_interleave(void **state) {
  (void)state;
  harena *arena = open_with_block();
  harena *other = open_with_block();
  HARENA_SCOPE(arena) {
    filled_block(other, 8, 1);
    HARENA_SCOPE(other) {
      filled_block(arena, 8, 1);
      filled_block(other, 8, 1);
    }
    assert_int_equal(used(arena), 112);
    assert_int_equal(used(other), 112);
  }
  assert_as_before(arena);
  harena_close(other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_end_rewinds),
      cmocka_unit_test(break_rewinds),
      cmocka_unit_test(continue_rewinds),
      cmocka_unit_test(return_rewinds),
      cmocka_unit_test(goto_rewinds),
      cmocka_unit_test(scopes_nest),
      cmocka_unit_test(scopes_nest_at_the_same_place),
      cmocka_unit_test(two_scopes_on_one_line),
      cmocka_unit_test(scopes_nest_deeper_than_the_record_holds_marks),
      cmocka_unit_test(a_loop_does_not_grow),
      cmocka_unit_test(a_loop_under_many_marks_does_not_grow),
      cmocka_unit_test(nothing_stays_active_after_a_scope),
      cmocka_unit_test(a_mark_from_before_outlives_the_scope),
      cmocka_unit_test(marks_made_inside_are_dead_after_it),
      cmocka_unit_test(clearing_inside_makes_leaving_a_dead_mark),
      cmocka_unit_test(rewinding_to_before_it_makes_leaving_a_dead_mark),
      cmocka_unit_test(leaving_runs_cleanups_and_closes_children),
      cmocka_unit_test(without_a_mark_the_body_runs),
      cmocka_unit_test(two_arenas_interleave),
  };
  return cmocka_run_group_tests_name("scopes", tests, NULL, NULL);
}
