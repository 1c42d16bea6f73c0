/* Zeroed blocks are zero, whatever was in their place before. */
#include "core_test.h"
#include "watched_source.h"

static const size_t sizes[] = {1, 8, 24, 100, 1000, 4000, 5000, 20000, 300000};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void dirty(harena *arena, size_t bytes) {
  for (size_t done = 0; done < bytes; done += 200) {
    filled_block(arena, 200, (unsigned)done);
  }
}

static void assert_zeroed_blocks(harena *arena) {
  for (int i = 0; i < SIZES; i++) {
    char *block = harena_alloc_zeroed(arena, sizes[i], 8);
    assert_zero(block, sizes[i]);
    fill(block, sizes[i], 9);
    block = harena_alloc_zeroed(arena, sizes[i], opaque(16));
    assert_zero(block, sizes[i]);
    fill(block, sizes[i], 9);
  }
}

/* Small ones, mixed with others that leave dirt, so that what is zero ahead is used in every
 * way. */
static void assert_zeroed_run(harena *arena, size_t rounds) {
  for (size_t i = 0; i < rounds; i++) {
    size_t size = 1 + i % 60;
    char *block = harena_alloc_zeroed(arena, size, 8);
    assert_zero(block, size);
    fill(block, size, 3);
    if (i % 3 == 0) {
      filled_block(arena, i % 40, 4);
    }
  }
}

static void after_clear(void **state) {
  (void)state;
  for (unsigned flags = 0; flags < 16; flags++) {
    harena *arena = harena_open(&(harena_options){.flags = flags});
    for (int round = 0; round < 4; round++) {
      dirty(arena, 400000);
      harena_clear(arena);
      assert_zeroed_blocks(arena);
      harena_clear(arena);
      assert_zeroed_run(arena, 2000);
      harena_clear(arena);
    }
    harena_close(arena);
  }
}

static void in_chunks_fresh_from_the_system(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 3; round++) {
    for (size_t size = 500000; size < 6000000; size += 700000) {
      assert_zero(harena_alloc_zeroed(arena, size, 8), size);
      assert_zeroed_run(arena, 500);
      dirty(arena, 300000);
    }
    harena_clear(arena);
  }
  harena_close(arena);
}

static void in_a_reserved_capacity(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 3 << 20});
  dirty(arena, 2 << 20);
  harena_clear(arena);
  assert_zero(harena_alloc_zeroed(arena, 3 << 20, 8), 3 << 20);
  harena_close(arena);
}

static void after_rewind(void **state) {
  (void)state;
  for (unsigned flags = 0; flags < 16; flags++) {
    harena *arena = harena_open(&(harena_options){.flags = flags});
    assert_zeroed_run(arena, 10);
    harena_mark mark = harena_save(arena);
    for (int round = 0; round < 4; round++) {
      dirty(arena, (size_t)round * 4000 + 100);
      harena_rewind(arena, mark);
      assert_zeroed_run(arena, 300);
      harena_rewind(arena, mark);
      assert_zeroed_blocks(arena);
      harena_rewind(arena, mark);
    }
    harena_close(arena);
  }
}

static void after_scopes(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 50; round++) {
    HARENA_SCOPE(arena) { dirty(arena, (size_t)round * 100); }
    HARENA_SCOPE(arena) { assert_zeroed_run(arena, 50); }
    assert_zeroed_run(arena, 10);
  }
  harena_close(arena);
}

static void after_free_of_the_youngest(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 1; size < 20000; size += 331) {
    assert_zeroed_run(arena, 2);
    char *block = filled_block(arena, size, 1);
    harena_free(arena, block, size);
    block = harena_alloc_zeroed(arena, size, 8);
    assert_zero(block, size);
    fill(block, size, 2);
    harena_free(arena, block, size);
    block = harena_alloc_zeroed(arena, size / 2 + 1, 8);
    assert_zero(block, size / 2 + 1);
  }
  harena_close(arena);
}

static void after_shrinking_the_youngest(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 100; size < 9000; size += 431) {
    assert_zeroed_run(arena, 2);
    char *block = filled_block(arena, size, 1);
    block = harena_realloc(arena, block, size, 10, 8);
    assert_non_null(block);
    char *behind = harena_alloc_zeroed(arena, size, 8);
    assert_zero(behind, size);
    fill(behind, size, 2);
  }
  harena_close(arena);
}

/* A block that moved leaves its old place to whoever comes. */
static void after_a_move_of_the_youngest(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 100; size < 100000; size = size * 5 / 3) {
    char *block = filled_block(arena, size, 1);
    block = harena_realloc(arena, block, size, size * 4, 8);
    fill(block, size * 4, 2);
    block = harena_realloc(arena, block, size * 4, size * 4, 4096);
    harena_free(arena, block, size * 4);
    assert_zeroed_run(arena, 500);
  }
  harena_close(arena);
}

static void in_recycled_blocks(void **state) {
  (void)state;
  enum { COUNT = 60 };
  char *blocks[COUNT];
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  for (int round = 0; round < 5; round++) {
    for (size_t i = 0; i < COUNT; i++) {
      blocks[i] = filled_block(arena, 8 + i * 40, 7);
    }
    for (size_t i = 0; i < COUNT; i++) {
      harena_free(arena, blocks[i], 8 + i * 40);
    }
    for (size_t i = COUNT; i-- > 0;) {
      assert_zero(harena_alloc_zeroed(arena, 8 + i * 40, 8), 8 + i * 40);
    }
    assert_zeroed_run(arena, 100);
    harena_clear(arena);
  }
  harena_close(arena);
}

/* What is zero ahead of the cursor says nothing about the recycled block behind it. */
static void in_a_recycled_block_next_to_the_cursor(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  for (int round = 0; round < 3; round++) {
    char *block = filled_block(arena, 64, 7);
    char *behind = filled_block(arena, 8, 7);
    harena_free(arena, block, 64);
    harena_free(arena, behind, 8);
    assert_zero(harena_alloc_zeroed(arena, 64, 8), 64);
  }
  harena_close(arena);
}

static void in_a_fixed_arena(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 8000];
  memset(buffer, 0xA5, sizeof buffer);
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  for (int round = 0; round < 3; round++) {
    assert_zeroed_run(arena, 50);
    size_t left = harena_measure(arena).available_bytes;
    assert_zero(harena_alloc_zeroed(arena, left, 8), left);
    harena_clear(arena);
    filled_block(arena, 7000, 1);
    harena_clear(arena);
  }
  harena_close(arena);
}

static void up_to_the_last_byte_of_a_limit(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 20000});
  for (int round = 0; round < 3; round++) {
    assert_zeroed_run(arena, 100);
    size_t left = 20000 - used(arena);
    char *block = harena_alloc_zeroed(arena, left, 8);
    assert_zero(block, left);
    fill(block, left, 1);
    harena_clear(arena);
  }
  harena_close(arena);
}

/* A limit that rises opens memory that must not count as zero because it once lay ahead. */
static void while_the_limit_moves(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  dirty(arena, 2500);
  harena_clear(arena);
  for (size_t limit = 100; limit < 20000; limit += 300) {
    assert_true(harena_set_limit(arena, limit));
    size_t left = limit / 8 * 8 - used(arena);
    char *block = harena_alloc_zeroed(arena, left, 8);
    assert_zero(block, left);
    fill(block, left, 1);
  }
  harena_close(arena);
}

/* A chunk fresh from the system is zero, until a child has written to the part it took of it. */
static void after_a_child_gave_its_memory_back(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  for (int round = 0; round < 3; round++) {
    harena *child = harena_open(&(harena_options){.parent = parent, .initial_capacity = 2 << 20});
    fill(harena_alloc(child, 2 << 20, 8), 2 << 20, 1);
    harena_close(child);
    char *block = harena_alloc_zeroed(parent, 2 << 20, 8);
    assert_zero(block, 2 << 20);
    fill(block, 2 << 20, 2);
  }
  harena_close(parent);
}

static void small_blocks_after_a_child(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  harena *child = harena_open(&(harena_options){.parent = parent, .initial_capacity = 3 << 20});
  fill(harena_alloc(child, 3 << 20, 8), 3 << 20, 1);
  harena_close(child);
  for (size_t done = 0; done < 4 << 20; done += 64) {
    assert_zero(harena_alloc_zeroed(parent, 64, 8), 64);
  }
  harena_close(parent);
}

static void in_a_child(void **state) {
  (void)state;
  harena *parent = harena_open(NULL);
  dirty(parent, 100000);
  harena_clear(parent);
  harena *child = harena_open(&(harena_options){.parent = parent});
  assert_zeroed_blocks(child);
  harena_clear(child);
  assert_zeroed_run(child, 500);
  harena_close(parent);
}

static void from_a_dirty_source(void **state) {
  (void)state;
  watched_source source;
  watch_source(&source);
  harena *arena = harena_open(&(harena_options){.source = &source.source});
  for (int round = 0; round < 3; round++) {
    assert_zeroed_blocks(arena);
    assert_zeroed_run(arena, 1000);
    harena_clear(arena);
    dirty(arena, 50000);
    harena_trim(arena);
    harena_clear(arena);
  }
  harena_close(arena);
  assert_all_released(&source);
}

static void in_a_counted_arena(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_COUNT});
  dirty(arena, 3000);
  harena_clear(arena);
  assert_zeroed_run(arena, 300);
  harena_close(arena);
}

/* Where the addresses of the stack and of mappings begin with a set bit, as in 32-bit programs, what
 * is not known would be known to be zero up to NULL. */
static void assert_nothing_is_known_to_be_zero(harena *arena) {
  assert_non_null(arena);
  assert_ptr_equal(arena->zeroed, arena->cursor);
  harena_close(arena);
}

static void in_no_fresh_arena_is_anything_known_to_be_zero(void **state) {
  (void)state;
  _Alignas(16) char buffer[8192];
  harena *parent = harena_open(NULL);
  assert_nothing_is_known_to_be_zero(harena_open(NULL));
  assert_nothing_is_known_to_be_zero(harena_open_in(buffer, sizeof buffer, NULL));
  assert_nothing_is_known_to_be_zero(harena_open(&(harena_options){.parent = parent}));
  assert_nothing_is_known_to_be_zero(harena_open(&(harena_options){.initial_capacity = 100000}));
  harena_close(parent);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(after_clear),
      cmocka_unit_test(in_chunks_fresh_from_the_system),
      cmocka_unit_test(in_a_reserved_capacity),
      cmocka_unit_test(after_rewind),
      cmocka_unit_test(after_scopes),
      cmocka_unit_test(after_free_of_the_youngest),
      cmocka_unit_test(after_shrinking_the_youngest),
      cmocka_unit_test(after_a_move_of_the_youngest),
      cmocka_unit_test(in_recycled_blocks),
      cmocka_unit_test(in_a_recycled_block_next_to_the_cursor),
      cmocka_unit_test(in_a_fixed_arena),
      cmocka_unit_test(up_to_the_last_byte_of_a_limit),
      cmocka_unit_test(while_the_limit_moves),
      cmocka_unit_test(after_a_child_gave_its_memory_back),
      cmocka_unit_test(small_blocks_after_a_child),
      cmocka_unit_test(in_a_child),
      cmocka_unit_test(from_a_dirty_source),
      cmocka_unit_test(in_a_counted_arena),
      cmocka_unit_test(in_no_fresh_arena_is_anything_known_to_be_zero),
  };
  return cmocka_run_group_tests_name("zeroed", tests, NULL, NULL);
}
