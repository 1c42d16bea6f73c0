/* Opening, options, names, closing. */
#include "core_test.h"
#include "watched_source.h"

static void assert_defaults(harena *arena) {
  assert_non_null(arena);
  harena_metrics now = harena_measure(arena);
  assert_string_equal(harena_name(arena), "unnamed");
  assert_int_equal(harena_last_status(arena), HARENA_OK);
  assert_int_equal(now.used_bytes, 0);
  assert_int_equal(now.peak_bytes, 0);
  assert_int_equal(now.clears, 0);
  assert_int_equal(now.allocations, 0);
  assert_int_equal(now.capacity_bytes, SIZE_MAX);
  assert_figures_agree(arena, false);
  harena_close(arena);
}

static void null_options_are_all_defaults(void **state) {
  (void)state;
  assert_defaults(harena_open(NULL));
}

static void zeroed_options_are_all_defaults(void **state) {
  (void)state;
  harena_options options = {0};
  assert_defaults(harena_open(&options));
}

/* The message of a failed open cannot be asked of an arena. */
static void assert_open_fails(const harena_options *options, int code) {
  errno = 0;
  assert_null(harena_open(options));
  assert_int_equal(errno, code);
}

static void the_name_is_copied(void **state) {
  (void)state;
  char name[] = "request";
  harena *arena = harena_open(&(harena_options){.name = name});
  memset(name, 'x', sizeof name - 1);
  assert_string_equal(harena_name(arena), "request");
  harena_close(arena);
}

static void names_are_cut_to_63_bytes(void **state) {
  (void)state;
  char name[201];
  for (size_t length = 0; length < sizeof name; length++) {
    memset(name, 'n', length);
    name[length] = '\0';
    harena *arena = harena_open(&(harena_options){.name = name});
    assert_int_equal(strlen(harena_name(arena)), length < 63 ? length : 63);
    assert_memory_equal(harena_name(arena), name, length < 63 ? length : 63);
    harena_close(arena);
  }
}

/* Nothing behind the 63rd byte is needed, not even a NUL. */
static void a_name_may_go_on_for_ever(void **state) {
  (void)state;
  char name[64];
  memset(name, 'n', sizeof name);
  harena *arena = harena_open(&(harena_options){.name = name});
  assert_int_equal(strlen(harena_name(arena)), 63);
  harena_close(arena);
}

static void initial_capacity_is_reserved_at_open(void **state) {
  (void)state;
  static const size_t capacities[] = {1, 8, 100, 4096, 100000, 1 << 20, 3000001};
  for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
    harena *arena = harena_open(&(harena_options){.initial_capacity = capacities[i]});
    harena_metrics opened = harena_measure(arena);
    assert_true(opened.reserved_bytes >= capacities[i]);
    assert_int_equal(opened.used_bytes, 0);
    assert_non_null(harena_alloc(arena, capacities[i], 8));
    if (!harena_instrumented()) {
      assert_int_equal(harena_measure(arena).chunks_acquired, opened.chunks_acquired);
    }
    harena_close(arena);
  }
}

static void small_blocks_fill_the_initial_capacity(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 64000});
  uint64_t opened = harena_measure(arena).chunks_acquired;
  for (int i = 0; i < 64000 / 8; i++) {
    assert_non_null(harena_alloc(arena, 8, 8));
  }
  if (!harena_instrumented()) {
    assert_int_equal(harena_measure(arena).chunks_acquired, opened);
  }
  harena_close(arena);
}

static void initial_capacity_may_be_the_limit_but_not_more(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 1000, .limit = 1000});
  assert_non_null(harena_alloc(arena, 1000, 8));
  harena_close(arena);
  assert_open_fails(&(harena_options){.initial_capacity = 1001, .limit = 1000}, EINVAL);
}

static void an_initial_capacity_that_nobody_has_is_a_shortage(void **state) {
  (void)state;
  assert_open_fails(&(harena_options){.initial_capacity = MORE_THAN_THERE_IS}, ENOMEM);
  assert_open_fails(&(harena_options){.initial_capacity = PTRDIFF_MAX}, ENOMEM);
  for (size_t k = 0; k < 4096; k++) {
    assert_open_fails(&(harena_options){.initial_capacity = SIZE_MAX - k}, ENOMEM);
  }
}

static void every_known_flag_opens(void **state) {
  (void)state;
  for (unsigned flags = 0; flags < 64; flags++) {
    harena *arena = harena_open(&(harena_options){.flags = flags});
    assert_non_null(arena);
    assert_non_null(harena_alloc(arena, 100, 8));
    harena_close(arena);
  }
}

static void an_unknown_flag_is_invalid(void **state) {
  (void)state;
  for (unsigned bit = 6; bit < 32; bit++) {
    assert_open_fails(&(harena_options){.flags = 1U << bit}, EINVAL);
  }
}

static void a_parent_and_a_source_are_invalid_together(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(NULL);
  assert_open_fails(&(harena_options){.parent = parent, .source = &source.source}, EINVAL);
  assert_int_equal(source.asked, 0);
  harena_close(parent);
}

static void a_source_that_refuses_is_a_shortage(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  source.fail_at = 1;
  source.fail_from_there = true;
  assert_open_fails(&(harena_options){.source = &source.source}, ENOMEM);
  assert_open_fails(&(harena_options){.source = &source.source, .initial_capacity = 9999}, ENOMEM);
  assert_all_released(&source);
}

static void a_limit_of_the_parent_is_a_quota(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = HARENA_OVERHEAD - 8});
  assert_open_fails(&(harena_options){.parent = parent}, EDQUOT);
  assert_int_equal(used(parent), 0);
  harena_close(parent);
}

/* An open that gets its record but not the capacity it asked for gives the record back. */
static void a_failed_open_leaves_nothing_behind(void **state) {
  (void)state;
  for (size_t i = 1; i <= 3; i++) {
    watched_source source;
    watch_source(&source);
    source.fail_at = i;
    source.fail_from_there = true;
    harena_options options = {
        .source = &source.source, .initial_capacity = 100000, .retain_limit = 1};
    harena_close(harena_open(&options));
    assert_all_released(&source);
  }
}

static void options_are_not_needed_after_open(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena_source given = source.source;
  harena_options options = {.name = "kept", .limit = 100000, .source = &given};
  harena *arena = harena_open(&options);
  memset(&options, 0xFF, sizeof options);
  memset(&given, 0, sizeof given);
  assert_non_null(harena_alloc(arena, 50000, 8));
  assert_string_equal(harena_name(arena), "kept");
  assert_int_equal(harena_measure(arena).capacity_bytes, 100000);
  harena_close(arena);
  assert_all_released(&source);
}

/* A program that was compiled when the options were shorter. */
static void members_beyond_options_size_count_as_zero(void **state) {
  (void)state;
  harena_options options;
  memset(&options, 0xFF, sizeof options);
  options.name = "short";
  options.initial_capacity = 0;
  harena *arena = harena_open_sized(&options, offsetof(harena_options, limit));
  assert_non_null(arena);
  assert_string_equal(harena_name(arena), "short");
  assert_int_equal(harena_measure(arena).capacity_bytes, SIZE_MAX);
  harena_close(arena);
}

static void options_of_no_size_are_all_defaults(void **state) {
  (void)state;
  harena_options options;
  memset(&options, 0xFF, sizeof options);
  assert_defaults(harena_open_sized(&options, 0));
}

/* A program that was compiled against a newer header. */
static void members_that_the_library_does_not_know_are_ignored(void **state) {
  (void)state;
  struct {
    harena_options known;
    unsigned char unknown[64];
  } options;
  memset(&options, 0xFF, sizeof options);
  options.known = (harena_options){.name = "newer", .limit = 512};
  harena *arena = harena_open_sized(&options.known, sizeof options);
  assert_non_null(arena);
  assert_string_equal(harena_name(arena), "newer");
  assert_int_equal(harena_measure(arena).capacity_bytes, 512);
  harena_close(arena);
}

static void closing_null_does_nothing(void **state) {
  (void)state;
  harena_close(NULL);
}

static void close_gives_everything_back(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  for (size_t size = 1; size < 300000; size *= 3) {
    filled_block(arena, size, 1);
  }
  harena_close(arena);
  assert_true(source.granted > 1);
  assert_all_released(&source);
}

static void a_failed_open_with_abort_on_failure_panics(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  source.fail_at = 1;
  source.fail_from_there = true;
  harena_options options = {
      .name = "greedy", .source = &source.source, .flags = HARENA_ABORT_ON_FAILURE};
  assert_panics("no memory", (void)!harena_open(&options));
  assert_non_null(strstr(panic_message(), "\"greedy\""));
  options.initial_capacity = 2;
  options.limit = 1;
  assert_panics("invalid argument", (void)!harena_open(&options));
}

static void the_version_has_three_numbers(void **state) {
  (void)state;
  int dots = 0;
  for (const char *c = harena_version(); *c; c++) {
    assert_true(*c == '.' || (*c >= '0' && *c <= '9'));
    dots += *c == '.';
  }
  assert_int_equal(dots, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_options_are_all_defaults),
      cmocka_unit_test(zeroed_options_are_all_defaults),
      cmocka_unit_test(the_name_is_copied),
      cmocka_unit_test(names_are_cut_to_63_bytes),
      cmocka_unit_test(a_name_may_go_on_for_ever),
      cmocka_unit_test(initial_capacity_is_reserved_at_open),
      cmocka_unit_test(small_blocks_fill_the_initial_capacity),
      cmocka_unit_test(initial_capacity_may_be_the_limit_but_not_more),
      cmocka_unit_test(an_initial_capacity_that_nobody_has_is_a_shortage),
      cmocka_unit_test(every_known_flag_opens),
      cmocka_unit_test(an_unknown_flag_is_invalid),
      cmocka_unit_test(a_parent_and_a_source_are_invalid_together),
      cmocka_unit_test(a_source_that_refuses_is_a_shortage),
      cmocka_unit_test(a_limit_of_the_parent_is_a_quota),
      cmocka_unit_test(a_failed_open_leaves_nothing_behind),
      cmocka_unit_test(options_are_not_needed_after_open),
      cmocka_unit_test(members_beyond_options_size_count_as_zero),
      cmocka_unit_test(options_of_no_size_are_all_defaults),
      cmocka_unit_test(members_that_the_library_does_not_know_are_ignored),
      cmocka_unit_test(closing_null_does_nothing),
      cmocka_unit_test(close_gives_everything_back),
      cmocka_unit_test(a_failed_open_with_abort_on_failure_panics),
      cmocka_unit_test(the_version_has_three_numbers),
  };
  return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
