/* Where blocks lie, and what stays accessible, with layout=packed, layout=separate, large blocks,
 * guard=exact, and guard=exact with reuse=1; which is the program's argument. */
#include <harena.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static size_t page;

static void count_report(const char *text, void *context) {
  (void)text;
  ++*(size_t *)context;
}

/* Asks the system to read the byte, which refuses where a fault would be. */
static bool is_accessible(const char *byte) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  bool can = write(ends[1], byte, 1) == 1;
  close(ends[0]);
  close(ends[1]);
  return can;
}

static size_t max(size_t a, size_t b) { return a > b ? a : b; }

static size_t round_up(size_t size, size_t unit) { return (size + unit - 1) & ~(unit - 1); }

static uintptr_t offset_in_page(const char *address) { return (uintptr_t)address & (page - 1); }

static char *allocate(harena *arena, size_t size, size_t align) {
  char *block = harena_alloc(arena, size, align);
  assert_non_null(block);
  assert_int_equal((uintptr_t)block & (align - 1), 0);
  memset(block, 0x5c, size);
  return block;
}

/* ---- separate ---- */

static void assert_ends_at_a_guard(const char *block, size_t size, size_t align) {
  if (align <= page) {
    assert_int_equal(offset_in_page(block + round_up(size, max(align, 8))), 0);
  }
  const char *last = block + size - 1;
  const char *guard = last + page - offset_in_page(last);
  assert_true(is_accessible(last));
  assert_false(is_accessible(guard));
  assert_false(is_accessible(guard + page - 1));
}

static void blocks_end_at_a_guard(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 7, 8, 9, 24, 4095, 4096, 4097, 8192, 100000};
  harena *arena = harena_open(NULL);
  for (size_t align = 1; align <= (size_t)1 << 20; align *= 2) {
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
      assert_ends_at_a_guard(allocate(arena, sizes[i], align), sizes[i], align);
    }
  }
  assert_int_equal(harena_check(arena), 0);
  harena_close(arena);
}

static void what_has_ended_faults(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *freed = allocate(arena, 24, 8);
  char *kept = allocate(arena, 24, 8);
  harena_free(arena, freed, 24);
  assert_false(is_accessible(freed));
  assert_true(is_accessible(kept));
  harena_mark mark = harena_save(arena);
  char *young = allocate(arena, 5000, 8);
  harena_rewind(arena, mark);
  assert_false(is_accessible(young) || is_accessible(young + 4999));
  assert_true(is_accessible(kept));
  harena_clear(arena);
  assert_false(is_accessible(kept));
  harena_close(arena);
}

static void a_block_that_stays_is_still_behind_its_guard(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  char *block = allocate(arena, 9, 8);
  assert_ptr_equal(harena_realloc(arena, block, 9, 16, 8), block);
  memset(block, 1, 16);
  assert_ptr_equal(harena_realloc(arena, block, 16, 3, 8), block);
  char *grown = harena_realloc(arena, block, 3, 9000, 8);
  assert_ptr_not_equal(grown, block);
  assert_ends_at_a_guard(grown, 9000, 8);
  assert_ptr_equal(harena_realloc(arena, grown, 9000, 10, 8), grown);
  assert_int_equal(harena_check(arena), 0);
  harena_close(arena);
}

static void wiping_passes_guards(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_ZERO_ON_CLEAR});
  for (int round = 0; round < 3; round++) {
    char *freed = allocate(arena, 100, 8);
    allocate(arena, 4096, 8);
    harena_free(arena, freed, 100);
    allocate(arena, 30, 8);
    harena_clear(arena);
  }
  harena_close(arena);
}

static void recycling_arenas_give_fresh_pages(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_RECYCLE});
  size_t used = harena_measure(arena).used_bytes;
  for (int i = 0; i < 1000; i++) {
    harena_free(arena, allocate(arena, 4000, 8), 4000);
  }
  assert_int_equal(harena_measure(arena).used_bytes, used);
  harena_close(arena);
}

static void slices_and_buffers_grow(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_bytes bytes = {0};
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  for (int i = 0; i < 3000; i++) {
    assert_true(harena_bytes_append(arena, &bytes, "0123456", 7));
    assert_true(harena_buffer_write(&buffer, "0123456", 7));
  }
  assert_memory_equal(harena_bytes_view(arena, bytes).data + 7 * 2999, "0123456", 7);
  assert_memory_equal(harena_buffer_view(&buffer).data + 7 * 2999, "0123456", 7);
  assert_int_equal(harena_check(arena), 0);
  harena_close(arena);
}

/* The mappings of a process are limited; beyond what guards may take, a page is checked instead. */
static void more_blocks_than_guards(void **state) {
  (void)state;
  enum { BLOCKS = 17000 };
  size_t reports = 0;
  harena_set_report_callback(count_report, &reports);
  harena *arena = harena_open(NULL);
  char *last = NULL;
  for (int i = 0; i < BLOCKS; i++) {
    last = allocate(arena, 16, 8);
  }
  assert_int_equal(harena_check(arena), 0);
  last[16 + 100] = 1;
  assert_int_equal(harena_check(arena), 1);
  last[16 + 100] = (char)0xa5;
  harena_clear(arena);
  assert_ends_at_a_guard(allocate(arena, 16, 8), 16, 8);
  harena_close(arena);
  harena_set_report_callback(NULL, NULL);
  assert_int_equal(reports, 1);
}

/* A parent is charged for its children's chunks. */
static void children_under_a_limit_have_what_release_gives(void **state) {
  (void)state;
  harena *parent = harena_open(&(harena_options){.limit = 10000});
  harena *child = harena_open(&(harena_options){.parent = parent});
  for (int i = 0; i < 30; i++) {
    allocate(child, 100, 8);
  }
  harena_close(parent);
}

/* ---- packed ---- */

static void blocks_touch(void **state) {
  (void)state;
  enum { BLOCKS = 300 };
  harena *arena = harena_open(&(harena_options){.name = "packed", .initial_capacity = 100000});
  char *blocks[BLOCKS];
  for (size_t i = 0; i < BLOCKS; i++) {
    blocks[i] = allocate(arena, i % 24 + 1, 8);
    assert_true(i == 0 || blocks[i] == blocks[i - 1] + round_up((i - 1) % 24 + 1, 8));
  }
  for (size_t i = 0; i < BLOCKS; i++) {
    harena_description found;
    assert_true(harena_describe(blocks[i] + i % 24, &found));
    assert_ptr_equal(found.block, blocks[i]);
    assert_int_equal(found.size, i % 24 + 1);
  }
  assert_int_equal(harena_check(arena), 0);
  harena_close(arena);
}

static void threads_arenas_share_a_slab(void **state) {
  (void)state;
  harena *arenas[] = {harena_open(&(harena_options){.flags = HARENA_RECYCLE}),
                      harena_open(&(harena_options){.flags = HARENA_RECYCLE})};
  for (size_t i = 0; i < 2000; i++) {
    char *block = allocate(arenas[i % 2], i % 60 + 1, 8);
    if (i % 3) {
      harena_free(arenas[i % 2], block, i % 60 + 1);
    }
  }
  assert_int_equal(harena_check(arenas[0]) + harena_check(arenas[1]), 0);
  harena_close(arenas[0]);
  harena_close(arenas[1]);
}

/* ---- reuse=1 ---- */

static void what_is_used_again_is_not_taken(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int round = 0; round < 3; round++) {
    allocate(arena, 30000, 8);
    harena_clear(arena);
  }
  harena_close(arena);
}

/* ---- guard=exact ---- */

/* Of blocks that end with a page, the redzone is the beginning of the next page: that page is not
 * the rewound block's alone. */
static void a_rewind_leaves_the_redzone_before_it(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 200000});
  for (size_t rewinds = 0; rewinds < 3;) {
    char *block = allocate(arena, 32, 8);
    if (offset_in_page(block + 32) == 0) {
      harena_mark mark = harena_save(arena);
      const char *rewound = allocate(arena, 5000, 8);
      harena_rewind(arena, mark);
      assert_false(is_accessible(rewound + 4999));
      harena_free(arena, block, 32);
      rewinds++;
    }
  }
  harena_close(arena);
}

static void what_was_rewound_from_the_start_is_all_gone(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 200000});
  harena_mark mark = harena_save(arena);
  const char *block = allocate(arena, 8, 8);
  harena_rewind(arena, mark);
  assert_false(is_accessible(block));
  harena_close(arena);
}

static void what_was_rewound_twice_is_all_gone(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.initial_capacity = 200000});
  allocate(arena, 32, 8);
  harena_mark mark = harena_save(arena);
  allocate(arena, 5000, 8);
  harena_rewind(arena, mark);
  const char *first = allocate(arena, 8, 8);
  const char *second = allocate(arena, 8, 8);
  harena_rewind(arena, mark);
  assert_false(is_accessible(first));
  assert_false(is_accessible(second));
  harena_close(arena);
}

static void what_was_rewound_is_wiped(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_ZERO_ON_CLEAR});
  for (int round = 0; round < 3; round++) {
    allocate(arena, 100, 8);
    harena_mark mark = harena_save(arena);
    allocate(arena, 9000, 8);
    harena_rewind(arena, mark);
    harena_clear(arena);
  }
  harena_close(arena);
}

/* ---- Large blocks ---- */

static size_t peak_kibibytes(void) {
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
  return (size_t)usage.ru_maxrss;
}

/* It is not filled, which would touch what the program has not. (Some dead slabs are kept.) */
static void what_is_large_is_gone_at_its_end(void **state) {
  (void)state;
  const size_t large = (size_t)256 << 20;
  size_t before = peak_kibibytes();
  for (int rewinds = 0; rewinds < 2; rewinds++) {
    harena *arena = harena_open(NULL);
    const char *lives = allocate(arena, 100, 8);
    harena_mark mark = harena_save(arena);
    const char *block = harena_alloc(arena, large, 8);
    assert_non_null(block);
    assert_true(is_accessible(block + large / 2));
    if (rewinds) {
      harena_rewind(arena, mark);
      assert_true(is_accessible(lives));
    } else {
      harena_clear(arena);
    }
    assert_false(is_accessible(block + large / 2));
    assert_int_equal(harena_check(arena), 0);
    harena_close(arena);
  }
  assert_true(peak_kibibytes() - before < large / 1024 / 2);
}

static void what_is_small_stays_to_be_looked_at(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  const char *block = allocate(arena, 100000, 8);
  harena_clear(arena);
  assert_true(is_accessible(block));
  harena_close(arena);
}

/* ---- All ---- */

static bool is_named(int count, char **arguments, const char *name) {
  return count == 2 && strcmp(arguments[1], name) == 0;
}

int main(int count, char **arguments) {
  const struct CMUnitTest separate[] = {
      cmocka_unit_test(blocks_end_at_a_guard),
      cmocka_unit_test(what_has_ended_faults),
      cmocka_unit_test(a_block_that_stays_is_still_behind_its_guard),
      cmocka_unit_test(wiping_passes_guards),
      cmocka_unit_test(recycling_arenas_give_fresh_pages),
      cmocka_unit_test(slices_and_buffers_grow),
      cmocka_unit_test(more_blocks_than_guards),
      cmocka_unit_test(children_under_a_limit_have_what_release_gives),
  };
  const struct CMUnitTest packed[] = {
      cmocka_unit_test(blocks_touch),
      cmocka_unit_test(threads_arenas_share_a_slab),
  };
  const struct CMUnitTest large[] = {
      cmocka_unit_test(what_is_large_is_gone_at_its_end),
      cmocka_unit_test(what_is_small_stays_to_be_looked_at),
  };
  const struct CMUnitTest exact[] = {
      cmocka_unit_test(a_rewind_leaves_the_redzone_before_it),
      cmocka_unit_test(what_was_rewound_from_the_start_is_all_gone),
      cmocka_unit_test(what_was_rewound_twice_is_all_gone),
      cmocka_unit_test(what_was_rewound_is_wiped),
  };
  const struct CMUnitTest reused[] = {cmocka_unit_test(what_is_used_again_is_not_taken)};
  page = (size_t)sysconf(_SC_PAGESIZE);
  if (is_named(count, arguments, "packed")) {
    return cmocka_run_group_tests(packed, NULL, NULL);
  }
  if (is_named(count, arguments, "large")) {
    return cmocka_run_group_tests(large, NULL, NULL);
  }
  if (is_named(count, arguments, "exact")) {
    return cmocka_run_group_tests(exact, NULL, NULL);
  }
  if (is_named(count, arguments, "reused")) {
    return cmocka_run_group_tests(reused, NULL, NULL);
  }
  return cmocka_run_group_tests(separate, NULL, NULL);
}
