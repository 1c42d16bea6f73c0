/* The questions of harena/debug.h about who points where, and what is registered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Findings are counted and do not end the program; each test looks at the last. */
const char *harena_default_options(void) { return "halt_on_error=0:escape=immediate"; }

static char last_report[8192];

static void take_report(const char *text, void *context) {
  (void)context;
  strncpy(last_report, text, sizeof last_report - 1);
}

static int set_up(void **state) {
  (void)state;
  last_report[0] = '\0';
  harena_set_report_callback(take_report, NULL);
  return 0;
}

static harena *open_named(const char *name, harena *parent) {
  harena *arena = harena_open(&(harena_options){.name = name, .parent = parent});
  assert_non_null(arena);
  return arena;
}

static char *volatile kept;

__attribute__((noinline)) static void keep_block(harena *arena) {
  kept = harena_alloc(arena, 24, 8);
  assert_non_null(kept);
}

/* ---- Reports ---- */

static void fork_a_child(const char *text, void *context) {
  take_report(text, context);
  pid_t child = fork();
  if (child == 0) {
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

/* For a debugger, say. A sweep is under way. */
static void a_callback_may_fork(void **state) {
  (void)state;
  harena_set_report_callback(fork_a_child, NULL);
  harena *arena = open_named("forked", NULL);
  keep_block(arena);
  alarm(60);
  harena_close(arena);
  harena_close(open_named("next", NULL));
  alarm(0);
  assert_non_null(strstr(last_report, "escaped-reference"));
  kept = NULL;
}

/* ---- harena_outlives ---- */

static void what_is_outside_lives_for_ever(void **state) {
  (void)state;
  static int variable;
  harena *arena = open_named("one", NULL);
  void *block = harena_alloc(arena, 24, 8);
  assert_true(harena_outlives(NULL, block));
  assert_true(harena_outlives(&variable, block));
  assert_true(harena_outlives(&variable, &variable));
  assert_false(harena_outlives(block, &variable));
  assert_true(harena_outlives(block, block));
  harena_close(arena);
}

static void an_arena_outlives_its_children(void **state) {
  (void)state;
  harena *parent = open_named("parent", NULL);
  harena *child = open_named("child", parent);
  harena *other = open_named("other", NULL);
  void *old = harena_alloc(parent, 24, 8);
  void *young = harena_alloc(child, 24, 8);
  void *strange = harena_alloc(other, 24, 8);
  assert_true(harena_outlives(old, young));
  assert_false(harena_outlives(young, old));
  assert_false(harena_outlives(old, strange));
  assert_false(harena_outlives(strange, old));
  assert_true(harena_outlives(parent, young));
  assert_false(harena_outlives(child, old));
  harena_close(other);
  harena_close(parent);
}

static void what_was_before_a_mark_outlives_what_came_since(void **state) {
  (void)state;
  harena *arena = open_named("one", NULL);
  void *before = harena_alloc(arena, 24, 8);
  harena_mark mark = harena_save(arena);
  void *since = harena_alloc(arena, 24, 8);
  assert_true(harena_outlives(before, since));
  assert_false(harena_outlives(since, before));
  harena_rewind(arena, mark);
  assert_false(harena_outlives(since, before));
  harena_close(arena);
}

/* ---- harena_find_holders ---- */

typedef struct search {
  const void *slot;
  char kind[16];
  bool weak;
  size_t count;
} search;

static bool look_for_slot(const harena_holder *holder, void *context) {
  search *it = context;
  it->count++;
  if (holder->slot == it->slot) {
    strncpy(it->kind, holder->kind, sizeof it->kind - 1);
    it->weak = holder->weak;
  }
  return true;
}

static search find_slot(harena *arena, const volatile void *slot) {
  search it = {.slot = (const void *)(uintptr_t)slot};
  size_t count = harena_find_holders(arena, look_for_slot, &it);
  assert_int_equal(count, it.count);
  return it;
}

static void holders_of_each_kind(void **state) {
  (void)state;
  static _Thread_local char *volatile local;
  harena *arena = open_named("one", NULL);
  harena *other = open_named("other", NULL);
  char *volatile *heap = calloc(4, sizeof *heap);
  char *volatile *block = harena_alloc_zeroed(other, 32, 8);
  keep_block(arena);
  local = heap[2] = block[1] = kept + 8;
  assert_string_equal(find_slot(arena, &kept).kind, "static");
  assert_string_equal(find_slot(arena, &local).kind, "thread-local");
  assert_string_equal(find_slot(arena, &heap[2]).kind, "heap");
  assert_string_equal(find_slot(arena, &block[1]).kind, "arena");
  char *volatile frame = kept;
  search it = find_slot(arena, &frame);
  assert_string_equal(it.kind, "frame");
  assert_true(it.weak);
  local = kept = frame = NULL;
  free((void *)(uintptr_t)heap);
  harena_close(other);
  harena_close(arena);
}

/* It may lie right behind the cage and right before the first thread's variables. */
static void a_large_block_is_searched(void **state) {
  (void)state;
  enum { WORDS = 8 << 20 };
  harena *arena = open_named("one", NULL);
  char *volatile *large = calloc(WORDS, sizeof *large);
  keep_block(arena);
  large[WORDS - 2] = kept;
  assert_string_equal(find_slot(arena, &large[WORDS - 2]).kind, "heap");
  kept = NULL;
  free((void *)(uintptr_t)large);
  harena_close(arena);
}

static bool stop_at_once(const harena_holder *holder, void *context) {
  size_t *calls = context;
  (void)holder;
  ++*calls;
  return false;
}

static void a_search_can_be_stopped_or_only_count(void **state) {
  (void)state;
  size_t calls = 0;
  harena *arena = open_named("one", NULL);
  keep_block(arena);
  static char *volatile again;
  again = kept;
  assert_true(harena_find_holders(arena, NULL, NULL) >= 2);
  assert_int_equal(harena_find_holders(arena, stop_at_once, &calls), 1);
  assert_int_equal(calls, 1);
  assert_int_equal(harena_find_holders(NULL, stop_at_once, &calls), 0);
  kept = again = NULL;
  harena_close(arena);
}

static void pointers_within_the_arena_are_no_holders(void **state) {
  (void)state;
  harena *arena = open_named("one", NULL);
  char *volatile *block = harena_alloc_zeroed(arena, 32, 8);
  block[1] = harena_alloc(arena, 24, 8);
  assert_string_equal(find_slot(arena, &block[1]).kind, "");
  harena_close(arena);
}

/* ---- Escapes ---- */

static void assert_reported(harena *arena, const char *expected) {
  size_t before = harena_findings();
  harena_clear(arena);
  assert_int_equal(harena_findings() - before, expected ? 1 : 0);
  if (expected) {
    assert_non_null(strstr(last_report, "escaped-reference"));
    assert_non_null(strstr(last_report, expected));
  }
}

static void one_slot_is_reported_once(void **state) {
  (void)state;
  harena *arena = open_named("one", NULL);
  keep_block(arena);
  assert_reported(arena, "static kept+0");
  assert_reported(arena, NULL);
  kept = NULL;
  harena_close(arena);
}

extern harena_ref kept_reference;
harena_ref kept_reference;
static harena_ref static_reference; /* clang makes two variables of this one */

static void a_reference_may_be_kept(void **state) {
  (void)state;
  harena *arena = open_named("one", NULL);
  keep_block(arena);
  kept_reference = harena_ref_to(arena, kept);
  static_reference = harena_ref_to(arena, kept);
  kept = NULL;
  assert_reported(arena, NULL);
  assert_null(harena_try_deref(arena, kept_reference));
  assert_null(harena_try_deref(arena, static_reference));
  harena_close(arena);
}

static struct {
  char *pointer;
  uint64_t number;
} no_reference;

static void a_pointer_may_be_taken_apart(void **state) {
  (void)state;
  harena *arena = open_named("one", NULL);
  no_reference.pointer = harena_alloc(arena, 24, 8);
  no_reference.number = (uint64_t)harena_find_leaks() + 7;
  assert_reported(arena, "static no_reference");
  assert_int_not_equal(no_reference.number, 0);
  no_reference.pointer = NULL;
  harena_close(arena);
}

static void what_may_dangle_is_not_reported(void **state) {
  (void)state;
  static char *volatile compared;
  void *slot = (void *)(uintptr_t)&compared;
  harena *arena = open_named("one", NULL);
  keep_block(arena);
  compared = kept;
  kept = NULL;
  harena_may_dangle(slot, "only compared");
  assert_reported(arena, NULL);
  harena_untrack(slot);
  compared = NULL;
  harena_close(arena);
}

/* On the stack: no sweep would report it. */
static void registered_slots_are_looked_at(void **state) {
  (void)state;
  struct __attribute__((packed)) {
    char byte;
    char *volatile pointer;
  } record;
  void *slot = (char *)&record + 1;
  harena *arena = open_named("one", NULL);
  harena_track(slot);
  harena_track(slot);
  record.pointer = harena_alloc(arena, 24, 8);
  assert_reported(arena, "registered pointer at 0x");
  record.pointer = harena_alloc(arena, 24, 8);
  harena_untrack(slot);
  harena_untrack(slot);
  assert_reported(arena, NULL);
  harena_close(arena);
}

static void a_named_root_is_searched(void **state) {
  (void)state;
  harena *arena = open_named("one", NULL);
  char *volatile places[4] = {0};
  harena_add_root((void *)(uintptr_t)places, sizeof places, "places");
  places[3] = harena_alloc(arena, 24, 8);
  assert_reported(arena, "registered root places+24");
  harena_remove_root((void *)(uintptr_t)places);
  places[3] = harena_alloc(arena, 24, 8);
  assert_reported(arena, NULL);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_callback_may_fork, set_up),
      cmocka_unit_test_setup(what_is_outside_lives_for_ever, set_up),
      cmocka_unit_test_setup(an_arena_outlives_its_children, set_up),
      cmocka_unit_test_setup(what_was_before_a_mark_outlives_what_came_since, set_up),
      cmocka_unit_test_setup(holders_of_each_kind, set_up),
      cmocka_unit_test_setup(a_large_block_is_searched, set_up),
      cmocka_unit_test_setup(a_search_can_be_stopped_or_only_count, set_up),
      cmocka_unit_test_setup(pointers_within_the_arena_are_no_holders, set_up),
      cmocka_unit_test_setup(one_slot_is_reported_once, set_up),
      cmocka_unit_test_setup(a_reference_may_be_kept, set_up),
      cmocka_unit_test_setup(a_pointer_may_be_taken_apart, set_up),
      cmocka_unit_test_setup(what_may_dangle_is_not_reported, set_up),
      cmocka_unit_test_setup(registered_slots_are_looked_at, set_up),
      cmocka_unit_test_setup(a_named_root_is_searched, set_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
