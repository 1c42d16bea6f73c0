/* harena_defer: what runs when memory ends, and what it may not do. */
#include "core_test.h"
#include "watched_source.h"

static char order[256];

static void note(void *letter) {
  size_t length = strlen(order);
  order[length] = *(const char *)letter;
  order[length + 1] = '\0';
}

static void defer_note(harena *arena, const char *letter) {
  assert_true(harena_defer(arena, note, (void *)(uintptr_t)letter));
}

static int start(void **state) {
  (void)state;
  order[0] = '\0';
  return 0;
}

/* ---- When they run ---- */

static void newest_first_at_clear(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  defer_note(arena, "a");
  filled_block(arena, 5000, 1);
  defer_note(arena, "b");
  defer_note(arena, "c");
  assert_string_equal(order, "");
  harena_clear(arena);
  assert_string_equal(order, "cba");
  harena_clear(arena);
  harena_close(arena);
  assert_string_equal(order, "cba");
}

static void newest_first_at_close(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  defer_note(arena, "a");
  defer_note(arena, "b");
  harena_close(arena);
  assert_string_equal(order, "ba");
}

static void at_rewind_only_those_since_the_mark(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  defer_note(arena, "a");
  harena_mark mark = harena_save(arena);
  defer_note(arena, "b");
  defer_note(arena, "c");
  harena_rewind(arena, mark);
  assert_string_equal(order, "cb");
  harena_rewind(arena, mark);
  assert_string_equal(order, "cb");
  defer_note(arena, "d");
  harena_rewind(arena, mark);
  assert_string_equal(order, "cbd");
  harena_close(arena);
  assert_string_equal(order, "cbda");
}

static void not_at_free_or_trim(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  defer_note(arena, "a");
  char *block = filled_block(arena, 100, 1);
  harena_free(arena, block, 100);
  harena_trim(arena);
  assert_string_equal(order, "");
  harena_close(arena);
}

static void in_a_fixed_arena(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 64];
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  defer_note(arena, "a");
  defer_note(arena, "b");
  assert_refused(arena, HARENA_NO_MEMORY, harena_defer(arena, note, "c"));
  harena_close(arena);
  assert_string_equal(order, "ba");
}

static void each_is_charged_24_bytes(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 5 * 24 + 8});
  for (size_t i = 1; i <= 5; i++) {
    defer_note(arena, "a");
    assert_int_equal(used(arena), i * 24);
  }
  assert_refused(arena, HARENA_LIMIT, harena_defer(arena, note, "b"));
  harena_clear(arena);
  assert_string_equal(order, "aaaaa");
  harena_close(arena);
}

static void check_block(void *block) {
  assert_filled(block, 100, 7);
  note("k");
}

/* Before anything is poisoned or wiped. */
static void blocks_are_still_there(void **state) {
  (void)state;
  for (unsigned flags = 0; flags < 16; flags++) {
    harena *arena = harena_open(&(harena_options){.flags = flags});
    harena_mark mark = harena_save(arena);
    assert_true(harena_defer(arena, check_block, filled_block(arena, 100, 7)));
    harena_rewind(arena, mark);
    assert_true(harena_defer(arena, check_block, filled_block(arena, 100, 7)));
    harena_clear(arena);
    assert_true(harena_defer(arena, check_block, filled_block(arena, 100, 7)));
    harena_close(arena);
  }
  assert_int_equal(strlen(order), 48);
}

static void check_reference(void *context) {
  struct {
    harena *arena;
    harena_ref ref;
  } *it = context;
  assert_non_null(harena_try_deref(it->arena, it->ref));
  note("r");
}

static void references_still_resolve(void **state) {
  (void)state;
  struct {
    harena *arena;
    harena_ref ref;
  } it = {.arena = harena_open(NULL)};
  it.ref = harena_ref_to(it.arena, filled_block(it.arena, 8, 1));
  assert_true(harena_defer(it.arena, check_reference, &it));
  harena_clear(it.arena);
  assert_string_equal(order, "r");
  assert_null(harena_try_deref(it.arena, it.ref));
  harena_close(it.arena);
}

/* ---- What is refused meanwhile ---- */

/* Each refusal is a finding as well. */
const char *harena_default_options(void) { return "halt_on_error=0"; }

typedef struct subject {
  harena *arena;
  harena_mark mark;
  char *block;
  int runs;
} subject;

static void assert_every_call_is_refused(subject *it) {
  harena *arena = it->arena;
  size_t got = 1;
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, 8, 8));
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, 8, opaque(64)));
  assert_refused(arena, HARENA_INVALID, harena_alloc_zeroed(arena, 8, 8));
  assert_refused(arena, HARENA_INVALID, harena_alloc_array(arena, 8, 8, 8));
  assert_refused(arena, HARENA_INVALID, harena_alloc_between(arena, 1, 8, 8, &got));
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, NULL, 0, 8, 8));
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, it->block, 16, 800, 8));
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, it->block, 16, 8, 8));
  assert_refused(arena, HARENA_INVALID, harena_dup(arena, "x", 2, 1));
  assert_refused(arena, HARENA_INVALID, harena_strdup(arena, "x"));
  assert_refused(arena, HARENA_INVALID, harena_printf(arena, "x"));
  assert_refused(arena, HARENA_INVALID, harena_save(arena).arena != NULL);
  assert_refused(arena, HARENA_INVALID, harena_defer(arena, note, "x"));
  assert_panics("cleanup", harena_rewind(arena, it->mark));
  assert_panics("cleanup", harena_clear(arena));
  assert_panics("cleanup", harena_close(arena));
  assert_filled(it->block, 16, 1);
}

static void try_everything(void *context) {
  subject *it = context;
  assert_every_call_is_refused(it);
  it->runs++;
}

/* The mark is from before the cleanup, the block too. */
static void prepare(subject *it, harena *arena) {
  *it = (subject){.arena = arena, .block = filled_block(arena, 16, 1)};
  it->mark = harena_save(arena);
}

static void assert_usable(harena *arena) {
  filled_block(arena, 5000, 1);
  harena_mark mark = harena_save(arena);
  filled_block(arena, 50, 1);
  harena_rewind(arena, mark);
  harena_clear(arena);
  assert_int_equal(used(arena), 0);
}

static void everything_is_refused_on_the_arena_itself(void **state) {
  (void)state;
  subject it;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 2; round++) {
    prepare(&it, arena);
    assert_true(harena_defer(arena, try_everything, &it));
    harena_rewind(arena, it.mark);
    assert_int_equal(it.runs, 1);
    assert_true(harena_defer(arena, try_everything, &it));
    harena_clear(arena);
    assert_int_equal(it.runs, 2);
    assert_usable(arena);
  }
  prepare(&it, arena);
  assert_true(harena_defer(arena, try_everything, &it));
  harena_close(arena);
  assert_int_equal(it.runs, 1);
}

static void everything_is_refused_on_ancestors(void **state) {
  (void)state;
  subject it;
  harena *top = harena_open(NULL);
  prepare(&it, top);
  harena *middle = harena_open(&(harena_options){.parent = top});
  harena *bottom = harena_open(&(harena_options){.parent = middle});
  assert_true(harena_defer(bottom, try_everything, &it));
  harena_clear(bottom);
  assert_true(harena_defer(bottom, try_everything, &it));
  harena_close(bottom);
  assert_true(harena_defer(middle, try_everything, &it));
  harena_clear(top);
  assert_int_equal(it.runs, 3);
  assert_usable(top);
  harena_close(top);
}

/* A clear ends children before it runs cleanups, a rewind those opened since: what is left are the
 * children from before the mark. */
static void everything_is_refused_on_descendants(void **state) {
  (void)state;
  subject child;
  subject grandchild;
  harena *arena = harena_open(NULL);
  prepare(&child, harena_open(&(harena_options){.parent = arena}));
  prepare(&grandchild, harena_open(&(harena_options){.parent = child.arena}));
  harena_mark mark = harena_save(arena);
  assert_true(harena_defer(arena, try_everything, &child));
  assert_true(harena_defer(arena, try_everything, &grandchild));
  harena_rewind(arena, mark);
  assert_int_equal(child.runs, 1);
  assert_int_equal(grandchild.runs, 1);
  assert_usable(grandchild.arena);
  assert_usable(child.arena);
  harena_close(arena);
}

static void open_child(void *parent) {
  errno = 0;
  assert_null(harena_open(&(harena_options){.parent = parent}));
  assert_int_equal(errno, EINVAL);
  note("o");
}

static void a_parent_that_runs_cleanups_takes_no_children(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = harena_open(&(harena_options){.parent = parent});
  assert_true(harena_defer(parent, open_child, parent));
  assert_true(harena_defer(child, open_child, child));
  assert_true(harena_defer(child, open_child, parent));
  harena_clear(parent);
  assert_string_equal(order, "ooo");
  harena_close(harena_open(&(harena_options){.parent = parent}));
  harena_close(parent);
}

static void a_parent_that_is_being_closed_takes_no_children(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = harena_open(&(harena_options){.parent = parent});
  assert_true(harena_defer(child, open_child, parent));
  assert_true(harena_defer(parent, open_child, parent));
  harena_close(parent);
  assert_string_equal(order, "oo");
}

static void clear_by_delegation(void *child) {
  assert_panics("cleanup", harena_clear(child));
  note("d");
}

static void a_delegated_clear_of_a_busy_family_is_refused(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *delegating =
      harena_open(&(harena_options){.parent = parent, .flags = HARENA_CLEAR_PARENT});
  harena *sibling = harena_open(&(harena_options){.parent = parent});
  assert_true(harena_defer(sibling, clear_by_delegation, delegating));
  harena_clear(sibling);
  assert_string_equal(order, "d");
  harena_clear(delegating);
  harena_close(parent);
}

static void use_other(void *other) {
  filled_block(other, 20000, 1);
  assert_usable(other);
  note("u");
}

static void an_unrelated_arena_may_be_used(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  assert_true(harena_defer(arena, use_other, other));
  harena_clear(arena);
  assert_string_equal(order, "u");
  harena_close(arena);
  harena_close(other);
}

static void close_other(void *other) {
  harena_close(other);
  note("c");
}

static void an_unrelated_arena_may_be_closed(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_true(harena_defer(arena, close_other, harena_open(NULL)));
  harena_close(arena);
  assert_string_equal(order, "c");
}

static void a_sibling_may_be_used_and_closed(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *sibling = harena_open(&(harena_options){.parent = parent});
  harena *doomed = harena_open(&(harena_options){.parent = parent});
  harena *arena = harena_open(&(harena_options){.parent = parent});
  assert_true(harena_defer(arena, use_other, sibling));
  assert_true(harena_defer(arena, close_other, doomed));
  harena_close(parent);
  assert_string_equal(order, "cu");
}

static void free_a_block(void *context) {
  subject *it = context;
  harena_free(it->arena, it->block, 16);
  assert_true(harena_measure(it->arena).used_bytes > 0);
  note("f");
}

static void freeing_and_asking_are_allowed(void **state) {
  (void)state;
  for (unsigned flags = 0; flags < 16; flags++) {
    harena *arena = harena_open(&(harena_options){.flags = flags});
    subject it = {.arena = arena, .block = filled_block(arena, 16, 1)};
    filled_block(arena, 16, 2);
    assert_true(harena_defer(arena, free_a_block, &it));
    harena_clear(arena);
    assert_int_equal(used(arena), 0);
    assert_usable(arena);
    harena_close(arena);
  }
}

/* ---- Panics inside ---- */

static void panic_in_a_cleanup(void *arena) {
  note("p");
  assert_panics("cleanup", harena_clear(arena));
  note("q");
}

static void a_panic_may_jump_back_into_the_cleanup(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  defer_note(arena, "a");
  assert_true(harena_defer(arena, panic_in_a_cleanup, arena));
  defer_note(arena, "b");
  harena_clear(arena);
  assert_string_equal(order, "bpqa");
  assert_usable(arena);
  harena_close(arena);
}

static void clear_in_a_cleanup(void *arena) {
  note("x");
  harena_clear(arena);
}

/* Each is unlinked before it is called: one that leaves by longjmp does not run again. The arena
 * stays in the middle of its clear, so this one is given up together with its buffer. */
static void a_cleanup_that_jumps_out_does_not_run_again(void **state) {
  (void)state;
  static _Alignas(16) char buffer[4096];
  static harena *arena;
  arena = harena_open_in(buffer, sizeof buffer, NULL);
  defer_note(arena, "a");
  assert_true(harena_defer(arena, clear_in_a_cleanup, arena));
  assert_panics("cleanup", harena_clear(arena));
  assert_string_equal(order, "x");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(newest_first_at_clear, start),
      cmocka_unit_test_setup(newest_first_at_close, start),
      cmocka_unit_test_setup(at_rewind_only_those_since_the_mark, start),
      cmocka_unit_test_setup(not_at_free_or_trim, start),
      cmocka_unit_test_setup(in_a_fixed_arena, start),
      cmocka_unit_test_setup(each_is_charged_24_bytes, start),
      cmocka_unit_test_setup(blocks_are_still_there, start),
      cmocka_unit_test_setup(references_still_resolve, start),
      cmocka_unit_test_setup(everything_is_refused_on_the_arena_itself, start),
      cmocka_unit_test_setup(everything_is_refused_on_ancestors, start),
      cmocka_unit_test_setup(everything_is_refused_on_descendants, start),
      cmocka_unit_test_setup(a_parent_that_runs_cleanups_takes_no_children, start),
      cmocka_unit_test_setup(a_parent_that_is_being_closed_takes_no_children, start),
      cmocka_unit_test_setup(a_delegated_clear_of_a_busy_family_is_refused, start),
      cmocka_unit_test_setup(an_unrelated_arena_may_be_used, start),
      cmocka_unit_test_setup(an_unrelated_arena_may_be_closed, start),
      cmocka_unit_test_setup(a_sibling_may_be_used_and_closed, start),
      cmocka_unit_test_setup(freeing_and_asking_are_allowed, start),
      cmocka_unit_test_setup(a_panic_may_jump_back_into_the_cleanup, start),
      cmocka_unit_test_setup(a_cleanup_that_jumps_out_does_not_run_again, start),
  };
  return cmocka_run_group_tests_name("cleanups", tests, NULL, NULL);
}
