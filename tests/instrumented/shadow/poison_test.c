/* What the tool at hand knows of each single byte, for blocks of 1 to 40 bytes. Without a tool
 * there is nothing to know, and only the table's completeness is tested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cage.h"
#include "shadow/requests.h"
#include "shadow/shadow.h"
#include "surroundings.h"

#define WEAK __attribute__((weak))

WEAK int __asan_address_is_poisoned(const volatile void *address);
WEAK ptrdiff_t __msan_test_shadow(const volatile void *address, size_t size);

enum { LARGEST = 40, REDZONE = 16, PLACE = 128, CHUNK = 4096 };

/* '.' usable and written, '?' usable and not written, 'x' not to be touched. */
static char state_under_memcheck(const char *address) {
  unsigned char bits;
  if (VALGRIND_GET_VBITS(address, &bits, 1) == 3) {
    return 'x';
  }
  return bits ? '?' : '.';
}

/* MSan knows only whether a byte was written. */
static char expected_by_tool(char state) {
  const char *tool = harena__tool()->name;
  if (strcmp(tool, "msan") == 0) {
    return state == '.' ? '.' : '?';
  }
  if (strcmp(tool, "asan") == 0) {
    return state == 'x' ? 'x' : '.';
  }
  return state;
}

static char state_of(const char *address) {
  const char *tool = harena__tool()->name;
  if (strcmp(tool, "asan") == 0) {
    return __asan_address_is_poisoned(address) ? 'x' : '.';
  }
  if (strcmp(tool, "msan") == 0) {
    return __msan_test_shadow(address, 1) < 0 ? '.' : '?';
  }
  return state_under_memcheck(address);
}

static void assert_states(const char *from, const char *to, char state) {
  for (const char *byte = from; byte < to; byte++) {
    if (state_of(byte) != expected_by_tool(state)) {
      fail_msg("byte %td of %td is '%c', not '%c'", byte - from, to - from, state_of(byte),
               expected_by_tool(state));
    }
  }
}

/* A pool with one chunk, poisoned but for a header's worth at its front. */
typedef struct test_place {
  char *chunk;
  char *block; /* where a block may be born */
  size_t size;
} test_place;

static test_place open_place(void) {
  test_place place = {.size = CHUNK};
  place.chunk = harena__cage_source.acquire(NULL, &place.size, 16);
  assert_non_null(place.chunk);
  place.block = place.chunk + PLACE;
  harena__tool()->pool_opened(place.chunk, 16);
  harena__tool()->poison(place.chunk + REDZONE, place.size - REDZONE);
  return place;
}

static void close_place(test_place place) {
  harena__tool()->range_retired(place.chunk, place.chunk + REDZONE, place.chunk + place.size);
  harena__tool()->pool_closed(place.chunk);
  harena__cage_source.release(NULL, place.chunk, place.size);
  forget_blocks();
}

static void give_birth(test_place place, size_t size) {
  note_block(place.block);
  harena__tool()->block_born(place.chunk, place.block, size);
}

static void assert_block(test_place place, size_t size) {
  assert_states(place.block - REDZONE, place.block, 'x');
  assert_states(place.block, place.block + size, '?');
  assert_states(place.block + size, place.block + LARGEST + 2 * REDZONE, 'x');
}

static void assert_nothing(test_place place) {
  assert_states(place.chunk + REDZONE, place.chunk + place.size, 'x');
}

static void skip_without_tool(void) {
  if (strcmp(harena__tool()->name, "guard") == 0) {
    skip();
  }
}

/* ---- Tests ---- */

static void test_the_table_is_complete(void **state) {
  static const harena__shadow *const tools[] = {&harena__shadow_asan, &harena__shadow_msan,
                                                &harena__shadow_memcheck, &harena__shadow_guard,
                                                &harena__shadow_guard_open};
  (void)state;
  for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
    const harena__shadow *tool = tools[i];
    assert_true(tool->name && tool->is_present && tool->start && tool->pool_opened);
    assert_true(tool->pool_closed && tool->poison && tool->unpoison);
    assert_true(tool->block_resized && tool->block_retired && tool->range_retired);
    assert_true(tool->slab_retired != NULL);
  }
}

static void test_chunks(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  assert_states(place.chunk, place.chunk + REDZONE, '.');
  assert_nothing(place);
  close_place(place);
  assert_states(place.chunk, place.chunk + place.size, 'x');
}

static void test_birth_and_end(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  for (size_t size = 1; size <= LARGEST; size++) {
    give_birth(place, size);
    assert_block(place, size);
    harena__tool()->block_retired(place.chunk, place.block, size);
    assert_nothing(place);
  }
  close_place(place);
}

static void test_end_of_a_range(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  for (size_t size = 1; size <= LARGEST; size++) {
    give_birth(place, size);
    harena__tool()->range_retired(place.chunk, place.block, place.block + ((size + 7) & ~7U));
    assert_nothing(place);
  }
  close_place(place);
}

static void test_resizing(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  for (size_t from = 1; from <= LARGEST; from++) {
    for (size_t to = 1; to <= LARGEST; to++) {
      give_birth(place, from);
      harena__tool()->block_resized(place.chunk, place.block, from, to);
      assert_block(place, to);
      harena__tool()->block_retired(place.chunk, place.block, to);
      forget_blocks();
    }
  }
  close_place(place);
}

static void test_resizing_keeps_contents(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  give_birth(place, 13);
  for (int i = 0; i < 13; i++) {
    write_byte(place.block + i, (char)i);
  }
  harena__tool()->block_resized(place.chunk, place.block, 13, 21);
  assert_states(place.block, place.block + 13, '.');
  assert_states(place.block + 13, place.block + 21, '?');
  harena__tool()->block_resized(place.chunk, place.block, 21, 9);
  assert_states(place.block, place.block + 9, '.');
  assert_states(place.block + 9, place.block + 24, 'x');
  assert_int_equal(read_byte(place.block + 8), 8);
  close_place(place);
}

static void test_links(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  harena__tool()->unpoison(place.block, 16);
  assert_states(place.block, place.block + 16, '.');
  assert_states(place.block + 16, place.block + 32, 'x');
  harena__tool()->poison(place.block, 13);
  assert_states(place.block, place.block + 13, 'x');
  harena__tool()->poison(place.block, 16);
  assert_nothing(place);
  close_place(place);
}

/* What was written before the birth of a block does not count as its contents. */
static void test_birth_where_links_were(void **state) {
  (void)state;
  skip_without_tool();
  test_place place = open_place();
  harena__tool()->unpoison(place.block, 24);
  write_byte(place.block, 1);
  give_birth(place, 24);
  assert_block(place, 24);
  close_place(place);
}

/* Where a chunk ends, at any multiple of 16, its neighbour's bytes keep their state. */
static void test_neighbours(void **state) {
  (void)state;
  skip_without_tool();
  for (size_t size = 16; size <= 160; size += 16) {
    size_t given = size;
    char *first = harena__cage_source.acquire(NULL, &given, 16);
    char *second = harena__cage_source.acquire(NULL, &given, 16);
    harena__cage_source.release(NULL, first, size);
    assert_states(first, first + size, 'x');
    assert_states(second, second + size, '.');
    harena__cage_source.release(NULL, second, size);
    assert_states(second, second + size, 'x');
  }
}

/* Made inaccessible under MSan, so there is nothing to ask there. */
static void test_retired_slabs(void **state) {
  (void)state;
  skip_without_tool();
  if (strcmp(harena__tool()->name, "msan") == 0) {
    skip();
  }
  static const size_t sizes[] = {HARENA__SLAB_SIZE, (size_t)64 << 20};
  int kinds =
      harena__on_valgrind() ? 1 : 2; /* memcheck with origins takes long for the large one */
  for (int i = 0; i < kinds; i++) {
    size_t size = sizes[i];
    char *chunk = harena__cage_source.acquire(NULL, &size, 16);
    assert_non_null(chunk);
    char *last = chunk + size - CHUNK;
    harena__cage_source.release(NULL, chunk, size);
    assert_states(chunk, chunk + CHUNK, 'x');
    assert_states(chunk + size / 2, chunk + size / 2 + CHUNK, 'x');
    assert_states(last, last + CHUNK, 'x');
  }
}

/* Poison that was mapped can be written. */
static void test_reused_slabs(void **state) {
  (void)state;
  skip_without_tool();
  size_t size = HARENA__SLAB_SIZE;
  char *chunk = harena__cage_source.acquire(NULL, &size, 16);
  harena__cage_source.release(NULL, chunk, size);
  harena__cage_source.release(NULL, harena__cage_source.acquire(NULL, &size, 16), size);
  char *again = harena__cage_source.acquire(NULL, &size, 16);
  assert_ptr_equal(again, chunk);
  assert_states(again, again + CHUNK, '.');
  harena__tool()->poison(again, size);
  harena__tool()->unpoison(again + 16, 24);
  assert_states(again, again + 16, 'x');
  assert_states(again + 16, again + 40, '.');
  assert_states(again + 40, again + CHUNK, 'x');
  harena__cage_source.release(NULL, again, size);
}

/* ---- memcheck's own books ---- */

static void skip_without_memcheck(void) {
  if (strcmp(harena__tool()->name, "memcheck") != 0) {
    skip();
  }
}

static unsigned long lost_blocks(void) {
  unsigned long leaked = 0;
  unsigned long dubious = 0;
  unsigned long reachable = 0;
  unsigned long suppressed = 0;
  VALGRIND_DO_QUICK_LEAK_CHECK;
  VALGRIND_COUNT_LEAK_BLOCKS(leaked, dubious, reachable, suppressed);
  (void)reachable;
  (void)suppressed;
  return leaked + dubious;
}

/* Blocks of a live arena that nobody points at. */
static void test_dropped_pointers_are_no_leaks(void **state) {
  (void)state;
  skip_without_memcheck();
  test_place place = open_place();
  unsigned long before = lost_blocks();
  for (size_t at = PLACE; at < CHUNK - LARGEST; at += 64) {
    note_block(place.chunk + at);
    harena__tool()->block_born(place.chunk, place.chunk + at, LARGEST);
  }
  assert_int_equal(lost_blocks(), before);
  close_place(place);
}

/* A block that ended alone lies in a range that ends, and its entry is still there. */
static void test_ends_are_told_once(void **state) {
  (void)state;
  skip_without_memcheck();
  unsigned before = VALGRIND_COUNT_ERRORS;
  test_place place = open_place();
  give_birth(place, LARGEST);
  harena__tool()->block_retired(place.chunk, place.block, LARGEST);
  harena__tool()->range_retired(place.chunk, place.chunk + REDZONE, place.chunk + place.size);
  close_place(place);
  assert_int_equal(VALGRIND_COUNT_ERRORS, before);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_table_is_complete),
      cmocka_unit_test(test_reused_slabs),
      cmocka_unit_test(test_chunks),
      cmocka_unit_test(test_birth_and_end),
      cmocka_unit_test(test_end_of_a_range),
      cmocka_unit_test(test_resizing),
      cmocka_unit_test(test_resizing_keeps_contents),
      cmocka_unit_test(test_links),
      cmocka_unit_test(test_birth_where_links_were),
      cmocka_unit_test(test_neighbours),
      cmocka_unit_test(test_retired_slabs),
      cmocka_unit_test(test_dropped_pointers_are_no_leaks),
      cmocka_unit_test(test_ends_are_told_once),
  };
  surrounding_options.quarantine = 1;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
