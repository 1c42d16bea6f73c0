/* Where chunks come from when a program says so, and when that place misbehaves. */
#include "core_test.h"
#include "watched_source.h"

typedef struct subject {
  watched_source source;
  harena *arena;
} subject;

static void open_subject(subject *it) {
  it->arena = harena_open(&(harena_options){.source = &it->source.source});
  assert_non_null(it->arena);
}

static void close_subject(subject *it) {
  harena_close(it->arena);
  assert_all_released(&it->source);
}

static void load(harena *arena) {
  for (size_t size = 1; size < 100000; size = size * 2 + 3) {
    for (unsigned i = 0; i < 20; i++) {
      assert_filled(filled_block(arena, size, i), size, i);
    }
  }
}

/* watched_source checks that each chunk comes back once, with the size it was given with. */
static void what_was_acquired_is_released(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  open_subject(&it);
  for (int round = 0; round < 3; round++) {
    load(it.arena);
    harena_clear(it.arena);
    harena_trim(it.arena);
  }
  close_subject(&it);
}

static void more_than_asked_is_used(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  it.source.more = 10000;
  open_subject(&it);
  assert_int_equal(harena_measure(it.arena).reserved_bytes, it.source.held_bytes);
  fill(harena_alloc(it.arena, 10000, 8), 10000, 1);
  assert_true(it.source.granted == 1 || harena_instrumented());
  load(it.arena);
  assert_int_equal(harena_measure(it.arena).reserved_bytes, it.source.held_bytes);
  close_subject(&it);
}

static void any_number_of_bytes_more_will_do(void **state) {
  (void)state;
  for (size_t more = 1; more < 40; more++) {
    subject it;
    watch_source(&it.source);
    it.source.more = more;
    open_subject(&it);
    load(it.arena);
    close_subject(&it);
  }
}

/* A source that breaks its promise has no memory. */
static void assert_open_fails(watched_source *source) {
  errno = 0;
  assert_null(harena_open(&(harena_options){.source = &source->source}));
  assert_int_equal(errno, ENOMEM);
  assert_all_released(source);
}

static void less_than_asked_at_open_is_a_shortage(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  source.less = 1;
  assert_open_fails(&source);
  source.less = 1000;
  assert_open_fails(&source);
}

static void misaligned_memory_at_open_is_a_shortage(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  for (source.misaligned_by = 1; source.misaligned_by < 16; source.misaligned_by++) {
    assert_open_fails(&source);
  }
}

static void assert_shortage(subject *it) {
  char *block = filled_block(it->arena, 10, 1);
  size_t held = it->source.held_bytes;
  assert_refused(it->arena, HARENA_NO_MEMORY, harena_alloc(it->arena, 100000, 8));
  assert_int_equal(it->source.held_bytes, held);
  assert_filled(block, 10, 1);
}

static void less_than_asked_later_is_a_shortage(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  open_subject(&it);
  it.source.less = 1;
  assert_shortage(&it);
  it.source.less = 0;
  load(it.arena);
  close_subject(&it);
}

static void misaligned_memory_later_is_a_shortage(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  open_subject(&it);
  for (it.source.misaligned_by = 1; it.source.misaligned_by < 16; it.source.misaligned_by++) {
    assert_shortage(&it);
  }
  it.source.misaligned_by = 0;
  load(it.arena);
  close_subject(&it);
}

/* The preferred size is refused, what is needed is granted. */
static void what_is_needed_is_asked_for_after_a_refusal(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  it.source.refuse_above = 4096 + 1024;
  open_subject(&it);
  for (int i = 0; i < 50; i++) {
    filled_block(it.arena, 3000, 1);
  }
  assert_refused(it.arena, HARENA_NO_MEMORY, harena_alloc(it.arena, 9000, 8));
  close_subject(&it);
}

static void the_record_alone_is_asked_for_after_a_refusal(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  it.source.refuse_above = 2000;
  open_subject(&it);
  filled_block(it.arena, 100, 1);
  filled_block(it.arena, 1000, 2);
  close_subject(&it);
}

static void tiny_chunks_will_do(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  it.source.refuse_above = HARENA_OVERHEAD;
  open_subject(&it);
  for (int i = 0; i < 200; i++) {
    filled_block(it.arena, 500, 1);
  }
  harena_clear(it.arena);
  close_subject(&it);
}

static void a_refusal_leaves_the_arena_as_it_was(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  open_subject(&it);
  char *block = filled_block(it.arena, 1000, 1);
  it.source.fail_at = it.source.asked + 1;
  it.source.fail_from_there = true;
  for (int i = 0; i < 10; i++) {
    assert_refused(it.arena, HARENA_NO_MEMORY, harena_alloc(it.arena, 100000, 8));
    assert_refused(it.arena, HARENA_NO_MEMORY, harena_alloc_zeroed(it.arena, 100000, 4096));
  }
  filled_block(it.arena, 100, 2);
  assert_filled(block, 1000, 1);
  close_subject(&it);
}

static void children_of_children_take_it_from_there_too(void **state) {
  (void)state;
  subject it;
  watch_source(&it.source);
  open_subject(&it);
  harena *child = harena_open(&(harena_options){.parent = it.arena});
  harena *grandchild = harena_open(&(harena_options){.parent = child});
  load(grandchild);
  load(child);
  load(it.arena);
  close_subject(&it);
}

/* Whatever the alignment might have been: what a source can give is its own affair. */
static void a_source_is_asked_for_almost_all_addresses(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  source.refuse_above = 1 << 20;
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  size_t asked = source.asked;
  assert_refused(arena, HARENA_NO_MEMORY,
                 harena_alloc(arena, opaque((size_t)PTRDIFF_MAX - 65536), 8));
  assert_true(source.asked > asked);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_acquired_is_released),
      cmocka_unit_test(more_than_asked_is_used),
      cmocka_unit_test(any_number_of_bytes_more_will_do),
      cmocka_unit_test(less_than_asked_at_open_is_a_shortage),
      cmocka_unit_test(misaligned_memory_at_open_is_a_shortage),
      cmocka_unit_test(less_than_asked_later_is_a_shortage),
      cmocka_unit_test(misaligned_memory_later_is_a_shortage),
      cmocka_unit_test(what_is_needed_is_asked_for_after_a_refusal),
      cmocka_unit_test(the_record_alone_is_asked_for_after_a_refusal),
      cmocka_unit_test(tiny_chunks_will_do),
      cmocka_unit_test(a_refusal_leaves_the_arena_as_it_was),
      cmocka_unit_test(children_of_children_take_it_from_there_too),
      cmocka_unit_test(a_source_is_asked_for_almost_all_addresses),
  };
  return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
