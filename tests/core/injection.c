/* Shortages at every place: a workload over all calls, in which the i-th acquisition fails, for
 * every i, once and for ever; and the same under every limit. After each failure nothing has
 * changed, after the workload the arena is as good as new, and all memory comes back. */
#include "core_test.h"
#include "watched_source.h"

enum { KEPT = 32 };

/* A block that must stay as it is until the round ends. */
typedef struct kept_block {
  char *block;
  size_t size;
} kept_block;

typedef struct workload {
  harena *arena;
  kept_block kept[KEPT];
  size_t count;
  size_t failures;
  size_t cleanups_due;
  size_t cleanups_run;
} workload;

static void keep(workload *it, char *block, size_t size) {
  if (block) {
    assert_true(it->count < KEPT);
    it->kept[it->count] = (kept_block){block, size};
    fill(block, size, (unsigned)it->count++);
  }
}

static void assert_kept(const workload *it) {
  for (size_t i = 0; i < it->count; i++) {
    assert_filled(it->kept[i].block, it->kept[i].size, (unsigned)i);
  }
}

/* To be called after each call: what failed must have said so and changed nothing. */
static void check(workload *it, bool done, size_t used_before) {
  if (!done) {
    harena_status why = harena_last_status(it->arena);
    it->failures++;
    assert_true(why == HARENA_NO_MEMORY || why == HARENA_LIMIT);
    assert_int_equal(errno, errno_of(why));
    assert_int_equal(used(it->arena), used_before);
  }
  assert_figures_agree(it->arena, true);
  assert_kept(it);
}

static void step_alloc(workload *it, size_t size, size_t align) {
  size_t before = used(it->arena);
  char *block = harena_alloc(it->arena, size, align);
  keep(it, block, size);
  check(it, block != NULL, before);
}

static void step_zeroed(workload *it, size_t size) {
  size_t before = used(it->arena);
  char *block = harena_alloc_array_zeroed(it->arena, size, 1, 16);
  if (block) {
    assert_zero(block, size);
  }
  keep(it, block, size);
  check(it, block != NULL, before);
}

static void step_between(workload *it, size_t min, size_t preferred) {
  size_t before = used(it->arena);
  size_t size = 12345;
  char *block = harena_alloc_between(it->arena, min, preferred, 8, &size);
  assert_true(block || size == 12345);
  keep(it, block, size);
  check(it, block != NULL, before);
}

static void step_text(workload *it, const char *text) {
  size_t before = used(it->arena);
  char *copy = harena_strdup(it->arena, text);
  assert_true(!copy || strcmp(copy, text) == 0);
  check(it, copy != NULL, before);
  before = used(it->arena);
  char *printed = harena_printf(it->arena, "%s%s", text, text);
  assert_true(!printed || strlen(printed) == 2 * strlen(text));
  check(it, printed != NULL, before);
  before = used(it->arena);
  check(it, harena_dup(it->arena, text, strlen(text), 64) != NULL, before);
}

static void step_realloc(workload *it, size_t index, size_t new_size) {
  if (index >= it->count) {
    return;
  }
  kept_block *old = &it->kept[index];
  size_t before = used(it->arena);
  char *block = harena_realloc(it->arena, old->block, old->size, new_size, 8);
  if (block) {
    assert_filled(block, old->size < new_size ? old->size : new_size, (unsigned)index);
    fill(block, new_size, (unsigned)index);
    *old = (kept_block){block, new_size};
  }
  check(it, block != NULL, before);
}

static void step_free(workload *it) {
  if (it->count > 0) {
    kept_block *last = &it->kept[--it->count];
    harena_free(it->arena, last->block, last->size);
    check(it, true, 0);
  }
}

static void cleanup(void *context) {
  workload *it = context;
  it->cleanups_run++;
}

static void step_defer(workload *it) {
  size_t before = used(it->arena);
  bool done = harena_defer(it->arena, cleanup, it);
  it->cleanups_due += done;
  check(it, done, before);
}

/* More marks than the record holds. */
static void save_many(workload *it) {
  for (int i = 0; i < 12; i++) {
    (void)!harena_alloc(it->arena, 700, 8);
    size_t before = used(it->arena);
    check(it, harena_save(it->arena).arena != NULL, before);
  }
}

/* When even the first mark cannot be had, what the step allocated lives on. */
static void step_marks(workload *it) {
  size_t before = used(it->arena);
  harena_mark first = harena_save(it->arena);
  check(it, first.arena != NULL, before);
  size_t used_at_first = used(it->arena);
  size_t due_at_first = it->cleanups_due;
  size_t run_at_first = it->cleanups_run;
  save_many(it);
  step_defer(it);
  if (first.arena) {
    harena_rewind(it->arena, first);
    assert_int_equal(used(it->arena), used_at_first);
    assert_int_equal(it->cleanups_run - run_at_first, it->cleanups_due - due_at_first);
  }
  check(it, true, 0);
}

static void step_scope(workload *it) {
  HARENA_SCOPE(it->arena) {
    (void)!harena_alloc(it->arena, 9000, 8);
    (void)!harena_alloc(it->arena, 90, 8);
  }
  check(it, true, 0);
}

/* The child has the same trouble. */
static void step_child(workload *it) {
  size_t before = used(it->arena);
  harena *child = harena_open(&(harena_options){.parent = it->arena, .flags = HARENA_COUNT});
  if (!child) {
    assert_true(errno == ENOMEM || errno == EDQUOT);
    assert_int_equal(used(it->arena), before);
    it->failures++;
    return;
  }
  for (size_t size = 100; size < 30000; size *= 3) {
    char *block = harena_alloc(child, size, 8);
    if (block) {
      fill(block, size, 3);
    }
    it->failures += !block;
    assert_figures_agree(child, true);
  }
  harena_clear(child);
  harena_close(child);
  assert_int_equal(used(it->arena), before);
  check(it, true, 0);
}

static void run_steps(workload *it) {
  step_alloc(it, 10, 8);
  step_alloc(it, 3000, 1);
  step_defer(it);
  step_zeroed(it, 5000);
  step_realloc(it, 0, 4000);
  step_between(it, 100, 100000);
  step_between(it, 20000, 100000);
  step_text(it, "some text that is copied");
  step_child(it);
  step_realloc(it, it->count - 1, 50000);
  step_marks(it);
  step_alloc(it, 100, 4096);
  step_scope(it);
  step_free(it);
  step_alloc(it, 200000, 8);
  step_realloc(it, it->count - 1, 10);
  step_free(it);
  step_child(it);
}

/* Before each clear cleanups are still due. */
static void run_rounds(workload *it) {
  for (int round = 0; round < 2; round++) {
    run_steps(it);
    it->count = 0;
    harena_clear(it->arena);
    assert_int_equal(used(it->arena), 0);
    assert_int_equal(it->cleanups_run, it->cleanups_due);
    harena_trim(it->arena);
  }
}

static void assert_good_as_new(workload *it) {
  size_t failures = it->failures;
  run_rounds(it);
  assert_int_equal(it->failures, failures);
}

/* False when the source was not asked often enough for the failure to happen. */
static bool run_with_failure(size_t fail_at, bool from_there, harena_options options) {
  watched_source source;
  watch_source(&source);
  source.fail_at = fail_at;
  source.fail_from_there = from_there;
  options.source = &source.source;
  workload it = {.arena = harena_open(&options)};
  bool happened = !it.arena;
  if (it.arena) {
    run_rounds(&it);
    happened = source.asked >= fail_at;
    source.fail_at = 0;
    assert_good_as_new(&it);
    harena_close(it.arena);
  }
  assert_all_released(&source);
  return happened;
}

static void every_acquisition_may_fail(bool from_there, unsigned flags, size_t retain_limit) {
  harena_options options = {.flags = flags | HARENA_COUNT, .retain_limit = retain_limit};
  size_t i = 1;
  while (run_with_failure(i, from_there, options)) {
    i++;
  }
  assert_true(i > 5);
}

static void each_acquisition_fails_once(void **state) {
  (void)state;
  every_acquisition_may_fail(false, 0, 0);
  every_acquisition_may_fail(false, HARENA_RECYCLE, 1);
  every_acquisition_may_fail(false, HARENA_ZERO_ON_CLEAR, 20000);
}

static void from_each_acquisition_on_all_fail(void **state) {
  (void)state;
  every_acquisition_may_fail(true, 0, 0);
  every_acquisition_may_fail(true, HARENA_RECYCLE, 1);
  every_acquisition_may_fail(true, HARENA_ZERO_ON_CLEAR, 20000);
}

/* A preferred size that fails is asked for again at the size that is needed: this source has
 * only that. */
static void only_small_chunks_are_granted(void **state) {
  (void)state;
  for (size_t largest = HARENA_OVERHEAD; largest < 60000; largest = largest * 9 / 8) {
    watched_source source;
    watch_source(&source);
    source.refuse_above = largest;
    harena_options options = {.source = &source.source, .flags = HARENA_COUNT};
    workload it = {.arena = harena_open(&options)};
    assert_non_null(it.arena);
    run_rounds(&it);
    assert_true(it.failures > 0);
    source.refuse_above = 0;
    assert_good_as_new(&it);
    harena_close(it.arena);
    assert_all_released(&source);
  }
}

static void run_with_limit(size_t limit) {
  harena_options options = {.limit = limit, .flags = HARENA_COUNT};
  workload it = {.arena = harena_open(&options)};
  assert_non_null(it.arena);
  run_rounds(&it);
  assert_true(it.failures > 0);
  assert_true(harena_measure(it.arena).peak_bytes <= limit);
  assert_true(harena_set_limit(it.arena, 0));
  assert_good_as_new(&it);
  harena_close(it.arena);
}

static void every_limit_is_survived(void **state) {
  (void)state;
  for (size_t limit = 8; limit < 20000; limit += 8 * 37) {
    run_with_limit(limit);
  }
  for (size_t limit = 20000; limit < 200000; limit += 8 * 487) {
    run_with_limit(limit);
  }
}

static void run_in_buffer(char *buffer, size_t size) {
  workload it = {.arena = harena_open_in(buffer, size, &(harena_options){.flags = HARENA_COUNT})};
  assert_non_null(it.arena);
  run_rounds(&it);
  assert_true(it.failures > 0);
  harena_close(it.arena);
}

static void every_buffer_is_survived(void **state) {
  (void)state;
  _Alignas(16) static char buffer[100000];
  for (size_t size = HARENA_OVERHEAD; size < 20000; size += 8 * 37) {
    run_in_buffer(buffer, size);
  }
  run_in_buffer(buffer, sizeof buffer);
}

/* The limit of a parent, which all that the child acquires runs into. */
static void every_limit_of_a_parent_is_survived(void **state) {
  (void)state;
  for (size_t limit = 4096; limit < 150000; limit += 8 * 301) {
    harena *parent = harena_open(&(harena_options){.limit = limit});
    harena_options options = {.parent = parent, .flags = HARENA_COUNT};
    workload it = {.arena = harena_open(&options)};
    assert_non_null(it.arena);
    run_rounds(&it);
    assert_true(it.failures > 0);
    assert_true(used(parent) <= limit);
    assert_true(harena_set_limit(parent, 0));
    assert_good_as_new(&it);
    harena_close(it.arena);
    assert_int_equal(used(parent), 0);
    harena_close(parent);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_acquisition_fails_once),
      cmocka_unit_test(from_each_acquisition_on_all_fail),
      cmocka_unit_test(only_small_chunks_are_granted),
      cmocka_unit_test(every_limit_is_survived),
      cmocka_unit_test(every_buffer_is_survived),
      cmocka_unit_test(every_limit_of_a_parent_is_survived),
  };
  return cmocka_run_group_tests_name("injection", tests, NULL, NULL);
}
