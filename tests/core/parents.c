/* Arenas that take their chunks from another arena. */
#include "core_test.h"
#include "watched_source.h"

static harena *open_child(harena *parent) {
  harena *child = harena_open(&(harena_options){.name = "child", .parent = parent});
  assert_non_null(child);
  return child;
}

static void load(harena *arena, size_t bytes) {
  for (size_t done = 0; done < bytes; done += 100) {
    filled_block(arena, 100, 1);
  }
}

static size_t reserved(const harena *arena) { return harena_measure(arena).reserved_bytes; }

static void a_child_is_charged_whole_to_its_parent(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = open_child(parent);
  assert_int_equal(used(parent), reserved(child));
  filled_block(parent, 104, 2);
  for (int i = 0; i < 100; i++) {
    load(child, 1000);
    assert_int_equal(used(parent), 104 + reserved(child));
  }
  harena_close(child);
  assert_int_equal(used(parent), 104);
  harena_close(parent);
}

static void a_grandchild_is_charged_all_the_way_up(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = open_child(parent);
  harena *grandchild = open_child(child);
  load(grandchild, 100000);
  assert_int_equal(used(child), reserved(grandchild));
  assert_true(used(parent) >= reserved(grandchild));
  assert_true(used(parent) == reserved(child) || harena_instrumented());
  harena_close(grandchild);
  assert_int_equal(used(child), 0);
  harena_close(child);
  assert_int_equal(used(parent), 0);
  harena_close(parent);
}

static void blocks_of_a_family_do_not_touch(void **state) {
  (void)state;
  enum { ROUNDS = 300 };
  char *blocks[3][ROUNDS];
  harena *parent = harena_open(NULL);
  harena *family[3] = {parent, open_child(parent), open_child(parent)};
  for (unsigned i = 0; i < ROUNDS; i++) {
    for (unsigned member = 0; member < 3; member++) {
      blocks[member][i] = filled_block(family[member], i * 7 % 900, i + member);
    }
  }
  for (unsigned i = 0; i < ROUNDS; i++) {
    for (unsigned member = 0; member < 3; member++) {
      assert_filled(blocks[member][i], i * 7 % 900, i + member);
    }
  }
  harena_close(parent);
}

static void a_refusal_of_the_parent_is_limit(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 20000});
  harena *child = open_child(parent);
  assert_refused(child, HARENA_LIMIT, harena_alloc(child, 20000, 8));
  assert_int_equal(harena_last_status(parent), HARENA_OK);
  load(child, 5000);
  harena_close(parent);
}

static void a_refusal_anywhere_up_is_limit(void **state) {
  (void)state;
  harena *grandparent = harena_open(&(harena_options){.limit = 50000});
  harena *parent = open_child(grandparent);
  harena *child = open_child(parent);
  assert_refused(child, HARENA_LIMIT, harena_alloc(child, 50000, 8));
  assert_int_equal(harena_last_status(parent), HARENA_OK);
  assert_int_equal(harena_last_status(grandparent), HARENA_OK);
  load(child, 2000);
  harena_close(grandparent);
}

/* The limit is the child's own answer too, and comes first. */
static void a_child_has_a_limit_of_its_own(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = harena_open(&(harena_options){.parent = parent, .limit = 1000});
  assert_refused(child, HARENA_LIMIT, harena_alloc(child, 1001, 8));
  assert_non_null(harena_alloc(child, 1000, 8));
  assert_refused(child, HARENA_LIMIT, harena_alloc(child, 1, 8));
  harena_close(parent);
}

static void a_child_asks_for_less_when_the_parent_has_less(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 12000});
  harena *child = open_child(parent);
  size_t left = 12000 - used(parent);
  assert_non_null(harena_alloc(child, left - 3000, 8));
  assert_true(used(parent) <= 12000);
  harena_close(parent);
}

static void the_record_alone_will_do(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 2048});
  harena *child = open_child(parent);
  assert_true(used(parent) <= 2048);
  harena_close(child);
  assert_int_equal(used(parent), 0);
  harena_close(parent);
}

static void a_parent_with_a_limit_loses_none_of_it(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 100000});
  for (int round = 0; round < 50; round++) {
    harena *child = open_child(parent);
    load(child, 30000);
    harena_close(child);
    assert_int_equal(used(parent), 0);
  }
  assert_non_null(harena_alloc(parent, 100000, 8));
  harena_close(parent);
}

static void closing_in_any_order_gives_back(void **state) {
  (void)state;
  enum { CHILDREN = 7 };
  for (int step = 1; step < CHILDREN; step++) {
    harena *parent = harena_open(NULL);
    harena *children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
      children[i] = open_child(parent);
      load(children[i], (size_t)i * 3000);
    }
    for (int i = 0; i < CHILDREN; i++) {
      harena_close(children[i * step % CHILDREN]);
    }
    assert_int_equal(used(parent), 0);
    harena_close(parent);
  }
}

static char order[64];

static void note(void *name) { strcat(order, name); }

static void note_end_of(harena *arena, const char *name) {
  assert_true(harena_defer(arena, note, (void *)(uintptr_t)name));
}

/* a(b(d) c): youngest first, and each arena after its own children. */
static harena *open_family(harena **out, unsigned flags) {
  order[0] = '\0';
  harena_options options = {.flags = flags};
  out[0] = harena_open(&options);
  options.parent = out[0];
  out[1] = harena_open(&options);
  out[2] = harena_open(&options);
  options.parent = out[1];
  out[3] = harena_open(&options);
  for (int i = 0; i < 4; i++) {
    static const char *const names[] = {"a", "b", "c", "d"};
    note_end_of(out[i], names[i]);
    load(out[i], 3000);
  }
  return out[0];
}

static void closing_a_parent_closes_its_children_youngest_first(void **state) {
  (void)state;
  harena *family[4];
  harena_close(open_family(family, 0));
  assert_string_equal(order, "cdba");
}

static void clearing_a_parent_closes_its_children_youngest_first(void **state) {
  (void)state;
  harena *family[4];
  harena *parent = open_family(family, 0);
  harena_clear(parent);
  assert_string_equal(order, "cdba");
  assert_int_equal(used(parent), 0);
  harena_clear(parent);
  assert_string_equal(order, "cdba");
  harena_close(parent);
}

static void clearing_a_child_ends_nothing_else(void **state) {
  (void)state;
  harena *family[4];
  harena *parent = open_family(family, 0);
  harena_clear(family[1]);
  assert_string_equal(order, "db");
  load(family[1], 3000);
  harena_close(parent);
  assert_string_equal(order, "dbca");
}

static void rewinding_a_parent_closes_children_opened_since(void **state) {
  (void)state;
  order[0] = '\0';
  harena *parent = harena_open(NULL);
  harena *before = open_child(parent);
  note_end_of(before, "x");
  char *kept = filled_block(before, 100, 5);
  harena_mark mark = harena_save(parent);
  note_end_of(open_child(parent), "b");
  load(parent, 20000);
  note_end_of(open_child(parent), "c");
  load(before, 20000);
  harena_rewind(parent, mark);
  assert_string_equal(order, "cb");
  assert_filled(kept, 100, 5);
  load(parent, 20000);
  load(before, 20000);
  assert_filled(kept, 100, 5);
  harena_close(parent);
  assert_string_equal(order, "cbx");
}

/* Its chunks came after the mark, it did not. */
static void a_child_opened_before_the_mark_keeps_what_it_took_since(void **state) {
  (void)state;
  enum { BLOCKS = 200 };
  char *blocks[BLOCKS];
  harena *parent = harena_open(NULL);
  harena *child = open_child(parent);
  harena_mark mark = harena_save(parent);
  for (unsigned i = 0; i < BLOCKS; i++) {
    blocks[i] = filled_block(child, 500, i);
    load(parent, 300);
  }
  harena_rewind(parent, mark);
  load(parent, 200000);
  for (unsigned i = 0; i < BLOCKS; i++) {
    assert_filled(blocks[i], 500, i);
  }
  assert_int_equal(used(parent), 200000 / 100 * 104 + reserved(child));
  harena_close(child);
  assert_int_equal(used(parent), 200000 / 100 * 104);
  harena_close(parent);
}

static void the_same_mark_serves_many_generations_of_children(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(&(harena_options){.source = &source.source});
  load(parent, 500);
  harena_mark mark = harena_save(parent);
  size_t asked = 0;
  for (int round = 0; round < 200; round++) {
    load(open_child(parent), 5000);
    load(open_child(parent), 500);
    harena_rewind(parent, mark);
    assert_int_equal(used(parent), 5 * 104);
    asked = round == 5 ? source.asked : asked;
  }
  assert_true(source.asked == asked || harena_instrumented());
  harena_close(parent);
  assert_all_released(&source);
}

/* Always one open when the next one opens. */
static void overlapping_children_do_not_grow_the_parent(void **state) {
  (void)state;
  static const size_t loads[] = {0, 3000, 20000};
  for (size_t i = 0; i < 3; i++) {
    watched_source source;
    watch_source(&source);
    harena *parent = harena_open(&(harena_options){.source = &source.source});
    harena *older = open_child(parent);
    size_t held = 0;
    for (int round = 0; round < 1000; round++) {
      load(older, loads[i]);
      harena *younger = open_child(parent);
      harena_close(older);
      older = younger;
      held = round == 20 ? source.held_bytes : held;
    }
    assert_true(source.held_bytes <= held || harena_instrumented());
    harena_close(parent);
    assert_all_released(&source);
  }
}

static void overlapping_children_of_mixed_sizes_do_not_grow_the_parent(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(&(harena_options){.source = &source.source});
  harena *older = open_child(parent);
  size_t held = 0;
  for (size_t round = 0; round < 3000; round++) {
    harena_options options = {.parent = parent, .initial_capacity = round * 97 % 5000};
    harena *younger = harena_open(&options);
    harena_close(older);
    older = younger;
    held = round == 100 ? source.held_bytes : held;
  }
  if (!harena_instrumented()) {
    assert_true(source.held_bytes <= held + (64 << 10));
  }
  harena_close(parent);
  assert_all_released(&source);
}

/* A server: the parent has blocks of its own between its children's. */
static void children_between_blocks_do_not_grow_the_parent(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(&(harena_options){.source = &source.source});
  size_t held = 0;
  for (int round = 0; round < 300; round++) {
    for (int i = 0; i < 10; i++) {
      harena *child = open_child(parent);
      load(parent, 500);
      load(child, 2000);
      harena_close(child);
    }
    harena_clear(parent);
    held = round == 5 ? source.held_bytes : held;
  }
  assert_true(source.held_bytes <= held || harena_instrumented());
  harena_close(parent);
  assert_all_released(&source);
}

static void memory_of_closed_children_can_be_trimmed(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(&(harena_options){.source = &source.source});
  size_t least = source.held_bytes;
  harena *older = open_child(parent);
  harena *younger = open_child(parent);
  load(older, 300000);
  load(younger, 300000);
  harena_close(older);
  harena_close(younger);
  harena_clear(parent);
  harena_trim(parent);
  assert_true(source.held_bytes <= least || harena_instrumented());
  harena_close(parent);
  assert_all_released(&source);
}

static void a_parent_frees_its_youngest_block_over_a_child(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  char *block = filled_block(parent, 100, 1);
  harena *child = open_child(parent);
  load(child, 20000);
  harena_free(parent, block, 100);
  assert_int_equal(used(parent), reserved(child));
  harena_close(parent);
}

static void a_large_child_does_not_waste_the_parents_chunk(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(&(harena_options){.source = &source.source});
  filled_block(parent, 8, 1);
  size_t room = harena_measure(parent).available_bytes;
  harena *child = harena_open(&(harena_options){.parent = parent, .initial_capacity = 100000});
  size_t asked = source.asked;
  assert_true(harena_measure(parent).available_bytes >= room);
  harena_close(child);
  assert_non_null(harena_alloc(parent, room, 8));
  assert_true(source.asked == asked || harena_instrumented());
  harena_close(parent);
  assert_all_released(&source);
}

/* ---- HARENA_CLEAR_PARENT ---- */

static void a_delegated_clear_clears_the_family_in_place(void **state) {
  (void)state;
  harena *family[4];
  open_family(family, HARENA_CLEAR_PARENT);
  harena_clear(family[3]);
  assert_string_equal(order, "cdba");
  for (int i = 0; i < 4; i++) {
    assert_int_equal(harena_measure(family[i]).clears, 1);
    assert_int_equal(harena_measure(family[i]).used_bytes > 0, i == 0 || i == 1);
    load(family[i], 10000);
  }
  harena_close(family[0]);
}

static void only_the_flag_delegates(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.flags = HARENA_CLEAR_PARENT});
  harena *delegating =
      harena_open(&(harena_options){.parent = parent, .flags = HARENA_CLEAR_PARENT});
  harena *plain = open_child(parent);
  char *kept = filled_block(parent, 100, 3);
  harena_clear(plain);
  assert_filled(kept, 100, 3);
  assert_int_equal(harena_measure(parent).clears, 0);
  load(plain, 500);
  harena_clear(delegating);
  assert_int_equal(harena_measure(parent).clears, 1);
  assert_int_equal(harena_measure(plain).clears, 2);
  assert_int_equal(used(plain), 0);
  load(plain, 500);
  harena_close(parent);
}

static void delegation_stops_below_an_arena_without_the_flag(void **state) {
  (void)state;
  harena *top = harena_open(NULL);
  harena *middle = open_child(top);
  harena *bottom = harena_open(&(harena_options){.parent = middle, .flags = HARENA_CLEAR_PARENT});
  harena_clear(bottom);
  assert_int_equal(harena_measure(bottom).clears, 1);
  assert_int_equal(harena_measure(middle).clears, 1);
  assert_int_equal(harena_measure(top).clears, 0);
  harena_close(top);
}

/* Over and over, with siblings at every level that have grown: all handles and all memory stay
 * good. */
static void delegated_clears_go_on_for_ever(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *top = harena_open(&(harena_options){.source = &source.source});
  harena_options options = {.parent = top, .flags = HARENA_CLEAR_PARENT};
  harena *middle = harena_open(&options);
  harena *sibling = open_child(top);
  options.parent = middle;
  harena *bottom = harena_open(&options);
  harena *family[] = {top, middle, sibling, bottom};
  size_t asked = 0;
  for (size_t round = 0; round < 100; round++) {
    for (size_t i = 0; i < 4; i++) {
      load(family[(round + i) % 4], 7000);
    }
    harena_clear(bottom);
    assert_int_equal(used(bottom), 0);
    assert_int_equal(used(sibling), 0);
    asked = round == 20 ? source.asked : asked;
  }
  assert_true(source.asked == asked || harena_instrumented());
  harena_close(top);
  assert_all_released(&source);
}

static void close_never_delegates(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = harena_open(&(harena_options){.parent = parent, .flags = HARENA_CLEAR_PARENT});
  char *kept = filled_block(parent, 100, 1);
  harena_close(child);
  assert_filled(kept, 100, 1);
  assert_int_equal(harena_measure(parent).clears, 0);
  harena_close(parent);
}

static void without_a_parent_the_flag_means_nothing(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_CLEAR_PARENT});
  load(arena, 5000);
  harena_clear(arena);
  assert_int_equal(used(arena), 0);
  assert_int_equal(harena_measure(arena).clears, 1);
  harena_close(arena);
}

static void a_delegated_clear_ends_references_of_the_family(void **state) {
  (void)state;
  harena *family[4];
  harena_ref refs[4];
  open_family(family, HARENA_CLEAR_PARENT);
  for (int i = 0; i < 4; i++) {
    refs[i] = harena_ref_to(family[i], filled_block(family[i], 8, 1));
  }
  harena_clear(family[2]);
  for (int i = 0; i < 4; i++) {
    assert_null(harena_try_deref(family[i], refs[i]));
  }
  harena_close(family[0]);
}

/* ---- Parents of other kinds ---- */

static void a_fixed_arena_can_be_a_parent(void **state) {
  (void)state;
  _Alignas(16) static char buffer[HARENA_OVERHEAD + 20000];
  harena *parent = harena_open_in(buffer, sizeof buffer, NULL);
  for (int round = 0; round < 20; round++) {
    harena *child = open_child(parent);
    char *block = filled_block(child, 3000, 1);
    assert_true((uintptr_t)block - (uintptr_t)buffer < sizeof buffer || harena_instrumented());
    assert_null(harena_alloc(child, 30000, 8));
    harena_close(child);
    assert_int_equal(used(parent), 0);
  }
  harena_close(parent);
}

static void a_child_asks_for_too_much(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = open_child(parent);
  for (size_t k = 0; k <= 64; k++) {
    assert_refused(child, HARENA_NO_MEMORY, harena_alloc(child, opaque(SIZE_MAX - k), 8));
  }
  /* With 32 bits there may be as much. */
  if (sizeof(void *) == 8) {
    assert_refused(child, HARENA_NO_MEMORY,
                   harena_alloc(child, opaque((size_t)PTRDIFF_MAX / 2), 8));
    assert_refused(child, HARENA_NO_MEMORY,
                   harena_alloc(child, opaque((size_t)PTRDIFF_MAX / 4), 4096));
  }
  assert_int_equal(used(parent), reserved(child));
  harena_close(parent);
}

static void a_source_that_refuses_the_parent_is_no_memory(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *parent = harena_open(&(harena_options){.source = &source.source});
  harena *child = open_child(parent);
  source.fail_at = source.asked + 1;
  source.fail_from_there = true;
  if (!harena_instrumented()) {
    assert_refused(child, HARENA_NO_MEMORY, harena_alloc(child, 100000, 8));
    errno = 0;
    assert_null(harena_open(&(harena_options){.parent = parent, .initial_capacity = 100000}));
    assert_int_equal(errno, ENOMEM);
  }
  harena_close(parent);
  assert_all_released(&source);
}

static void children_have_flags_of_their_own(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  harena *child = harena_open(&(harena_options){
      .parent = parent, .initial_capacity = 9000, .retain_limit = 1, .flags = HARENA_COUNT});
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < 100; i++) {
      filled_block(child, 101, 1);
    }
    assert_int_equal(harena_measure(child).data_bytes, 10100);
    assert_int_equal(harena_measure(child).padding_bytes, 300);
    harena_clear(child);
    assert_true(reserved(child) <= 8192 || harena_instrumented());
    assert_int_equal(used(parent), reserved(child));
  }
  harena_close(parent);
}

static void a_deep_family_closes_with_its_root(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *root = harena_open(&(harena_options){.source = &source.source});
  harena *leaf = root;
  for (int depth = 0; depth < 30; depth++) {
    leaf = open_child(leaf);
    filled_block(leaf, 100, 1);
  }
  harena_close(root);
  assert_all_released(&source);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_child_is_charged_whole_to_its_parent),
      cmocka_unit_test(a_grandchild_is_charged_all_the_way_up),
      cmocka_unit_test(blocks_of_a_family_do_not_touch),
      cmocka_unit_test(a_refusal_of_the_parent_is_limit),
      cmocka_unit_test(a_refusal_anywhere_up_is_limit),
      cmocka_unit_test(a_child_has_a_limit_of_its_own),
      cmocka_unit_test(a_child_asks_for_less_when_the_parent_has_less),
      cmocka_unit_test(the_record_alone_will_do),
      cmocka_unit_test(a_parent_with_a_limit_loses_none_of_it),
      cmocka_unit_test(closing_in_any_order_gives_back),
      cmocka_unit_test(closing_a_parent_closes_its_children_youngest_first),
      cmocka_unit_test(clearing_a_parent_closes_its_children_youngest_first),
      cmocka_unit_test(clearing_a_child_ends_nothing_else),
      cmocka_unit_test(rewinding_a_parent_closes_children_opened_since),
      cmocka_unit_test(a_child_opened_before_the_mark_keeps_what_it_took_since),
      cmocka_unit_test(the_same_mark_serves_many_generations_of_children),
      cmocka_unit_test(overlapping_children_do_not_grow_the_parent),
      cmocka_unit_test(overlapping_children_of_mixed_sizes_do_not_grow_the_parent),
      cmocka_unit_test(children_between_blocks_do_not_grow_the_parent),
      cmocka_unit_test(memory_of_closed_children_can_be_trimmed),
      cmocka_unit_test(a_parent_frees_its_youngest_block_over_a_child),
      cmocka_unit_test(a_large_child_does_not_waste_the_parents_chunk),
      cmocka_unit_test(a_delegated_clear_clears_the_family_in_place),
      cmocka_unit_test(only_the_flag_delegates),
      cmocka_unit_test(delegation_stops_below_an_arena_without_the_flag),
      cmocka_unit_test(delegated_clears_go_on_for_ever),
      cmocka_unit_test(close_never_delegates),
      cmocka_unit_test(without_a_parent_the_flag_means_nothing),
      cmocka_unit_test(a_delegated_clear_ends_references_of_the_family),
      cmocka_unit_test(a_fixed_arena_can_be_a_parent),
      cmocka_unit_test(a_child_asks_for_too_much),
      cmocka_unit_test(a_source_that_refuses_the_parent_is_no_memory),
      cmocka_unit_test(children_have_flags_of_their_own),
      cmocka_unit_test(a_deep_family_closes_with_its_root),
  };
  return cmocka_run_group_tests_name("parents", tests, NULL, NULL);
}
