/* How an arena takes memory, keeps it over a clear, and gives it back. */
#include "core_test.h"
#include "watched_source.h"

typedef struct subject {
  watched_source source;
  harena *arena;
} subject;

static void open_subject(subject *it, harena_options options) {
  watch_source(&it->source);
  options.source = &it->source.source;
  it->arena = harena_open(&options);
  assert_non_null(it->arena);
}

static void close_subject(subject *it) {
  harena_close(it->arena);
  assert_all_released(&it->source);
}

static void load(harena *arena, size_t bytes, size_t block) {
  for (size_t done = 0; done < bytes; done += block) {
    filled_block(arena, block, 1);
  }
}

static void the_first_chunk_is_a_few_kib(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  assert_int_equal(it.source.granted, 1);
  assert_true(it.source.held_bytes >= 2048);
  assert_true(it.source.held_bytes <= 16384);
  close_subject(&it);
}

/* Twice the bytes take about one chunk more. */
static void chunks_double(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  size_t before = it.source.granted;
  for (size_t bytes = 8192; bytes <= 2 << 20; bytes *= 2) {
    load(it.arena, bytes, 100);
    assert_true(it.source.granted <= before + 2);
    before = it.source.granted;
  }
  assert_true(it.source.held_bytes < 4 * used(it.arena));
  close_subject(&it);
}

static void doubling_ends_at_a_cap(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  for (int i = 0; i < 300; i++) {
    assert_non_null(harena_alloc(it.arena, 100000, 8));
  }
  assert_true(it.source.held_bytes - used(it.arena) < 17 << 20);
  close_subject(&it);
}

/* What does not fit gets a chunk of its own, and small blocks go on where they were. */
static void a_large_block_does_not_waste_the_current_chunk(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  char *first = filled_block(it.arena, 100, 1);
  for (int i = 0; i < 10; i++) {
    assert_non_null(harena_alloc(it.arena, 20 << 20, 8));
    filled_block(it.arena, 100, 3);
  }
  char *last = filled_block(it.arena, 100, 4);
  assert_true((uintptr_t)last - (uintptr_t)first < 16384 || harena_instrumented());
  close_subject(&it);
}

static void assert_steady(subject *it, size_t bytes, size_t block) {
  size_t after_warm_up = 0;
  for (int round = 0; round < 12; round++) {
    load(it->arena, bytes, block);
    harena_clear(it->arena);
    assert_int_equal(used(it->arena), 0);
    after_warm_up = round == 2 ? it->source.asked : after_warm_up;
  }
  assert_int_equal(it->source.asked, after_warm_up);
}

static void a_steady_load_acquires_nothing(void **state) {
  (void)state;
  static const size_t loads[] = {1, 1000, 5000, 20000, 100000, 700000, 1100000, 5000000};
  static const size_t blocks[] = {8, 100, 1500, 3000, 9000};
  static const size_t most_blocks = 10000; /* more say no more, and take a tool minutes */
  for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
    for (size_t j = 0; j < sizeof blocks / sizeof blocks[0]; j++) {
      if (loads[i] / blocks[j] > most_blocks) {
        continue;
      }
      subject it;
      open_subject(&it, (harena_options){0});
      assert_steady(&it, loads[i], blocks[j]);
      close_subject(&it);
    }
  }
}

static void a_steady_load_with_large_blocks_acquires_nothing(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  size_t after_warm_up = 0;
  for (int round = 0; round < 10; round++) {
    for (size_t size = 100; size < 3000000; size = size * 3 + 1) {
      load(it.arena, 5000, 90);
      assert_non_null(harena_alloc(it.arena, size, 64));
    }
    harena_clear(it.arena);
    after_warm_up = round == 2 ? it.source.asked : after_warm_up;
  }
  assert_int_equal(it.source.asked, after_warm_up);
  close_subject(&it);
}

/* Blocks of mixed sizes in an order that never repeats: the chunks settle all the same. */
static void an_unsteady_order_settles(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  unsigned random = 1;
  size_t settled = 0;
  for (int round = 0; round < 400; round++) {
    for (int i = 0; i < 100; i++) {
      random = random * 1103515245 + 12345;
      filled_block(it.arena, (size_t)1 << (random >> 16) % 15, 1);
    }
    harena_clear(it.arena);
    settled = round == 100 ? it.source.asked : settled;
  }
  assert_true(it.source.asked <= settled + 5);
  close_subject(&it);
}

/* Chunks under 1 MiB together become one, so that the next round runs through without a border. */
static void small_chunks_are_coalesced_on_clear(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  load(it.arena, 300000, 100);
  assert_true(it.source.chunk_count > 2);
  harena_clear(it.arena);
  if (!harena_instrumented()) {
    assert_int_equal(it.source.chunk_count, 2);
  }
  assert_true(it.source.held_bytes < 2 << 20);
  close_subject(&it);
}

static void large_chunks_are_kept(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  load(it.arena, 6000000, 1000);
  size_t held = it.source.held_bytes;
  harena_clear(it.arena);
  assert_int_equal(it.source.held_bytes, held);
  assert_int_equal(it.source.released, 0);
  close_subject(&it);
}

static void a_refusal_to_coalesce_costs_nothing(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  load(it.arena, 100000, 100);
  size_t held = it.source.held_bytes;
  it.source.fail_at = it.source.asked + 1;
  it.source.fail_from_there = true;
  harena_clear(it.arena);
  assert_int_equal(harena_last_status(it.arena), HARENA_OK);
  assert_int_equal(it.source.held_bytes, held);
  load(it.arena, 90000, 100);
  close_subject(&it);
}

static void coalesced_memory_is_not_less(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  load(it.arena, 200000, 100);
  harena_clear(it.arena);
  size_t asked = it.source.asked;
  load(it.arena, 200000, 100);
  assert_int_equal(it.source.asked, asked);
  close_subject(&it);
}

/* The record's chunk stays whatever the limit. */
static void clear_keeps_no_more_than_retain_limit(void **state) {
  (void)state;
  static const size_t limits[] = {1,      5000,   20000,   100000,  110000,
                                  300000, 800000, 1 << 20, 3000000, 10000000};
  static const size_t loads[] = {100, 30000, 108000, 200000, 840000, 900000, 5000000};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    subject it;
    open_subject(&it, (harena_options){.retain_limit = limits[i]});
    size_t least = it.source.held_bytes;
    for (size_t j = 0; j < sizeof loads / sizeof loads[0]; j++) {
      load(it.arena, loads[j], 100);
      harena_clear(it.arena);
      assert_true(it.source.held_bytes <= (limits[i] < least ? least : limits[i]));
      assert_int_equal(harena_measure(it.arena).reserved_bytes, it.source.held_bytes);
    }
    close_subject(&it);
  }
}

static void retain_limit_1_keeps_only_the_record(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){.retain_limit = 1, .initial_capacity = 500000});
  assert_true(it.source.held_bytes >= 500000);
  load(it.arena, 800000, 100);
  harena_clear(it.arena);
  assert_int_equal(it.source.chunk_count, 1);
  assert_true(it.source.held_bytes <= 8192);
  load(it.arena, 800000, 100);
  close_subject(&it);
}

static void a_retain_limit_over_the_load_keeps_all(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){.retain_limit = 8 << 20});
  assert_steady(&it, 3000000, 1000);
  close_subject(&it);
}

static void a_retain_limit_keeps_the_initial_capacity(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){.retain_limit = 200000, .initial_capacity = 100000});
  harena_clear(it.arena);
  size_t asked = it.source.asked;
  load(it.arena, 100000, 80);
  assert_true(it.source.asked == asked || harena_instrumented());
  close_subject(&it);
}

static void trim_gives_unused_chunks_back(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  size_t least = it.source.held_bytes;
  load(it.arena, 5000000, 1000);
  harena_clear(it.arena);
  assert_true(it.source.held_bytes > 4000000);
  harena_trim(it.arena);
  assert_int_equal(it.source.held_bytes, least);
  assert_int_equal(harena_measure(it.arena).reserved_bytes, least);
  load(it.arena, 5000000, 1000);
  close_subject(&it);
}

static void trim_keeps_blocks(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  char *small = filled_block(it.arena, 100, 1);
  char *large = filled_block(it.arena, 100000, 2);
  harena_mark mark = harena_save(it.arena);
  load(it.arena, 900000, 1000);
  harena_rewind(it.arena, mark);
  size_t before = used(it.arena);
  harena_trim(it.arena);
  harena_trim(it.arena);
  assert_int_equal(used(it.arena), before);
  assert_filled(small, 100, 1);
  assert_filled(large, 100000, 2);
  assert_true(it.source.held_bytes < 900000);
  load(it.arena, 900000, 1000);
  close_subject(&it);
}

static void trim_of_a_new_arena_does_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_trim(arena);
  assert_non_null(harena_alloc(arena, 100, 8));
  harena_close(arena);
}

/* The system's own memory, small and mapped, and with huge pages. */
static void assert_works_on_the_system(unsigned flags) {
  harena *arena = harena_open(&(harena_options){.flags = flags});
  for (int round = 0; round < 3; round++) {
    load(arena, 5000000, 5000);
    char *large = harena_alloc(arena, 9000000, 8);
    assert_non_null(large);
    large[0] = large[8999999] = 'x';
    assert_true(harena_measure(arena).reserved_bytes >= used(arena));
    harena_clear(arena);
    harena_trim(arena);
  }
  harena_close(arena);
}

static void the_system_gives_and_takes_chunks(void **state) {
  (void)state;
  assert_works_on_the_system(0);
  assert_works_on_the_system(HARENA_HUGE_PAGES);
}

static void huge_pages_may_be_reserved_at_open(void **state) {
  (void)state;
  harena *arena =
      harena_open(&(harena_options){.initial_capacity = 3 << 20, .flags = HARENA_HUGE_PAGES});
  assert_true(harena_measure(arena).reserved_bytes >= 3 << 20);
  fill(harena_alloc(arena, 3 << 20, 8), 3 << 20, 1);
  harena_close(arena);
}

static const char secret[] = "\xDE\xAD\xBE\xEF";
static size_t secrets_seen;

static void look_for_secrets(const char *memory, size_t size) {
  for (size_t i = 0; i + 4 <= size; i++) {
    secrets_seen += memcmp(memory + i, secret, 4) == 0;
  }
}

/* With its first and last bytes secret. */
static void allocate_secret(harena *arena, size_t size) {
  char *block = harena_alloc_zeroed(arena, size, 8);
  assert_non_null(block);
  memcpy(block, secret, 4);
  memcpy(block + size - 4, secret, 4);
}

static void nothing_of_zero_on_clear_memory_reaches_the_source(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  source.zeroes = true;
  source.on_release = look_for_secrets;
  secrets_seen = 0;
  harena *arena =
      harena_open(&(harena_options){.source = &source.source, .flags = HARENA_ZERO_ON_CLEAR});
  for (int round = 0; round < 3; round++) {
    for (size_t size = 4; size < 400000; size = size * 2 + 4) {
      allocate_secret(arena, size);
    }
    harena_clear(arena);
    harena_trim(arena);
  }
  harena_close(arena);
  assert_all_released(&source);
  assert_int_equal(secrets_seen, 0);
}

static void fill_with_secrets(harena *arena) {
  for (int i = 0; i < 700; i++) {
    assert_non_null(harena_dup(arena, secret, 4, 1));
  }
}

/* The instrumented build writes patterns of its own over dead bytes. */
static void assert_wiped(const char *memory, size_t size) {
  secrets_seen = 0;
  look_for_secrets(memory, size);
  assert_int_equal(secrets_seen, 0);
  if (!harena_instrumented()) {
    assert_zero(memory, size);
  }
}

static void zero_on_clear_wipes_at_rewind_clear_and_close(void **state) {
  (void)state;
  static _Alignas(16) char buffer[HARENA_OVERHEAD + 8192];
  harena_options options = {.flags = HARENA_ZERO_ON_CLEAR};
  harena *arena = harena_open_in(buffer, sizeof buffer, &options);
  char *kept = filled_block(arena, 64, 1);
  char *rest = buffer + HARENA_OVERHEAD + 64;
  harena_mark mark = harena_save(arena);
  fill_with_secrets(arena);
  harena_rewind(arena, mark);
  assert_filled(kept, 64, 1);
  if (!harena_instrumented()) {
    assert_wiped(rest, 8192 - 64);
  }
  fill_with_secrets(arena);
  harena_clear(arena);
  if (!harena_instrumented()) {
    assert_wiped(rest - 64, 8192);
  }
  fill_with_secrets(arena);
  harena_close(arena);
  assert_wiped(rest - 64, 8192);
}

/* What it takes again after giving all back follows the load, not what it once had. */
static void a_steady_load_takes_no_larger_chunks(void **state) {
  (void)state;
  static const size_t limits[] = {1, 10000, 110000};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    subject it;
    open_subject(&it, (harena_options){.retain_limit = limits[i]});
    for (int round = 0; round < 30; round++) {
      load(it.arena, 108000, 120);
      assert_true(it.source.held_bytes < 600000);
      harena_clear(it.arena);
    }
    close_subject(&it);
  }
}

static void the_next_chunk_after_trim_is_small(void **state) {
  (void)state;
  subject it;
  open_subject(&it, (harena_options){0});
  load(it.arena, 20000000, 1000);
  harena_clear(it.arena);
  harena_trim(it.arena);
  load(it.arena, 10000, 100);
  assert_true(it.source.held_bytes < 100000);
  close_subject(&it);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_chunk_is_a_few_kib),
      cmocka_unit_test(chunks_double),
      cmocka_unit_test(doubling_ends_at_a_cap),
      cmocka_unit_test(a_large_block_does_not_waste_the_current_chunk),
      cmocka_unit_test(a_steady_load_acquires_nothing),
      cmocka_unit_test(a_steady_load_with_large_blocks_acquires_nothing),
      cmocka_unit_test(an_unsteady_order_settles),
      cmocka_unit_test(small_chunks_are_coalesced_on_clear),
      cmocka_unit_test(large_chunks_are_kept),
      cmocka_unit_test(a_refusal_to_coalesce_costs_nothing),
      cmocka_unit_test(coalesced_memory_is_not_less),
      cmocka_unit_test(clear_keeps_no_more_than_retain_limit),
      cmocka_unit_test(a_steady_load_takes_no_larger_chunks),
      cmocka_unit_test(the_next_chunk_after_trim_is_small),
      cmocka_unit_test(retain_limit_1_keeps_only_the_record),
      cmocka_unit_test(a_retain_limit_over_the_load_keeps_all),
      cmocka_unit_test(a_retain_limit_keeps_the_initial_capacity),
      cmocka_unit_test(trim_gives_unused_chunks_back),
      cmocka_unit_test(trim_keeps_blocks),
      cmocka_unit_test(trim_of_a_new_arena_does_nothing),
      cmocka_unit_test(the_system_gives_and_takes_chunks),
      cmocka_unit_test(huge_pages_may_be_reserved_at_open),
      cmocka_unit_test(nothing_of_zero_on_clear_memory_reaches_the_source),
      cmocka_unit_test(zero_on_clear_wipes_at_rewind_clear_and_close),
  };
  return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
