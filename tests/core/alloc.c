/* Sizes, alignments, and the edges of the window. */
#include "core_test.h"

static const size_t small_sizes[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 24, 100, 1000};
enum { SMALL_SIZES = sizeof small_sizes / sizeof small_sizes[0] };

typedef struct alignment {
  size_t align;
  void *(*alloc)(harena *arena, size_t size);
  void *(*zeroed)(harena *arena, size_t size);
} alignment;

/* One function per alignment: only a constant one reaches the code that is compiled in place. It
 * goes through a variable, because compilers warn of a literal that is wrong. */
#define AT(alignment)                                              \
  static void *alloc_at_##alignment(harena *arena, size_t size) {  \
    size_t align = alignment;                                      \
    return harena_alloc(arena, size, align);                       \
  }                                                                \
  static void *zeroed_at_##alignment(harena *arena, size_t size) { \
    size_t align = alignment;                                      \
    return harena_alloc_zeroed(arena, size, align);                \
  }
AT(0)
AT(1)
AT(2)
AT(3)
AT(4)
AT(8)
AT(12)
AT(16)
AT(24)
AT(32)
AT(64)
AT(4096)
AT(65536)
#undef AT

static const alignment good_alignments[] = {{1, alloc_at_1, zeroed_at_1},
                                            {2, alloc_at_2, zeroed_at_2},
                                            {4, alloc_at_4, zeroed_at_4},
                                            {8, alloc_at_8, zeroed_at_8},
                                            {16, alloc_at_16, zeroed_at_16},
                                            {32, alloc_at_32, zeroed_at_32},
                                            {64, alloc_at_64, zeroed_at_64},
                                            {4096, alloc_at_4096, zeroed_at_4096},
                                            {65536, alloc_at_65536, zeroed_at_65536}};
enum { GOOD_ALIGNMENTS = sizeof good_alignments / sizeof good_alignments[0] };

static const alignment bad_alignments[] = {{0, alloc_at_0, zeroed_at_0},
                                           {3, alloc_at_3, zeroed_at_3},
                                           {12, alloc_at_12, zeroed_at_12},
                                           {24, alloc_at_24, zeroed_at_24}};
enum { BAD_ALIGNMENTS = sizeof bad_alignments / sizeof bad_alignments[0] };

static const harena_options kinds[] = {{.name = "plain"},
                                       {.name = "counted", .flags = HARENA_COUNT},
                                       {.name = "recycling", .flags = HARENA_RECYCLE},
                                       {.name = "limited", .limit = SIZE_MAX / 2}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void assert_block(char *block, size_t size, size_t align) {
  assert_non_null(block);
  assert_true(is_aligned(block, align));
  assert_true(is_aligned(block, 8));
  fill(block, size, (unsigned)(size + align));
}

static void constant_alignments_are_kept(void **state) {
  (void)state;
  for (int kind = 0; kind < KINDS; kind++) {
    harena *arena = harena_open(&kinds[kind]);
    for (int a = 0; a < GOOD_ALIGNMENTS; a++) {
      for (int s = 0; s < SMALL_SIZES; s++) {
        const alignment *at = &good_alignments[a];
        assert_block(at->alloc(arena, small_sizes[s]), small_sizes[s], at->align);
        char *zeroed = at->zeroed(arena, small_sizes[s]);
        assert_zero(zeroed, small_sizes[s]);
        assert_block(zeroed, small_sizes[s], at->align);
      }
    }
    harena_close(arena);
  }
}

/* Every size, but of the largest alignments one, which takes enough of the address space. */
static void runtime_alignments_up_to_1_gib_are_kept(void **state) {
  (void)state;
  for (size_t align = 1; align <= (size_t)1 << 30; align *= 2) {
    harena *arena = harena_open(NULL);
    for (int s = 0; s<SMALL_SIZES; s += align> 1 << 20 ? SMALL_SIZES : 1) {
      assert_block(harena_alloc(arena, small_sizes[s], opaque(align)), small_sizes[s], align);
    }
    harena_close(arena);
  }
}

static void a_constant_alignment_of_1_gib_is_kept(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_block(harena_alloc(arena, 10, 1 << 30), 10, 1 << 30);
  harena_close(arena);
}

static void constant_bad_alignments_are_invalid(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (int a = 0; a < BAD_ALIGNMENTS; a++) {
    assert_refused(arena, HARENA_INVALID, bad_alignments[a].alloc(arena, 8));
    assert_refused(arena, HARENA_INVALID, bad_alignments[a].zeroed(arena, 8));
    assert_refused(arena, HARENA_INVALID, bad_alignments[a].alloc(arena, 0));
  }
  harena_close(arena);
}

static void assert_every_call_refuses(harena *arena, size_t align) {
  size_t got = 77;
  char *block = filled_block(arena, 32, 5);
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, 8, align));
  assert_refused(arena, HARENA_INVALID, harena_alloc_zeroed(arena, 8, align));
  assert_refused(arena, HARENA_INVALID, harena_alloc_array(arena, 2, 4, align));
  assert_refused(arena, HARENA_INVALID, harena_alloc_array_zeroed(arena, 2, 4, align));
  assert_refused(arena, HARENA_INVALID, harena_alloc_between(arena, 1, 8, align, &got));
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, block, 32, 64, align));
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, block, 32, 8, align));
  assert_refused(arena, HARENA_INVALID, harena_realloc(arena, NULL, 0, 8, align));
  assert_refused(arena, HARENA_INVALID, harena_dup(arena, "x", 1, align));
  assert_int_equal(got, 77);
  assert_filled(block, 32, 5);
}

static void runtime_bad_alignments_are_invalid_in_every_call(void **state) {
  (void)state;
  static const size_t aligns[] = {0,
                                  3,
                                  5,
                                  6,
                                  7,
                                  9,
                                  48,
                                  1000,
                                  (1 << 30) + 1,
                                  (size_t)1 << 31,
                                  (size_t)3 << 29,
                                  SIZE_MAX,
                                  SIZE_MAX - 7,
                                  SIZE_MAX / 2 + 1};
  harena *arena = harena_open(NULL);
  for (size_t i = 0; i < sizeof aligns / sizeof aligns[0]; i++) {
    assert_every_call_refuses(arena, opaque(aligns[i]));
  }
  harena_close(arena);
}

static void size_zero_is_served_as_one(void **state) {
  (void)state;
  for (int kind = 0; kind < KINDS; kind++) {
    harena *arena = harena_open(&kinds[kind]);
    char *before = harena_alloc(arena, 0, 8);
    for (int i = 0; i < 1000; i++) {
      char *block = harena_alloc(arena, opaque(0), 1);
      assert_non_null(block);
      assert_true(block != before);
      *block = 'x';
      before = block;
    }
    assert_int_equal(used(arena), 1001 * 8);
    harena_close(arena);
  }
}

static void sizes_are_charged_rounded_up_to_8(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  for (size_t size = 0; size < 300; size++) {
    size_t before = used(arena);
    assert_non_null(harena_alloc(arena, size, 1));
    assert_int_equal(used(arena) - before, charge_of(size));
  }
  harena_close(arena);
}

/* Blocks of all sizes side by side keep what is written to their last byte. */
static void neighbours_do_not_touch(void **state) {
  (void)state;
  enum { COUNT = 200 };
  char *blocks[COUNT];
  for (int kind = 0; kind < KINDS; kind++) {
    harena *arena = harena_open(&kinds[kind]);
    for (unsigned i = 0; i < COUNT; i++) {
      blocks[i] = filled_block(arena, i, i);
    }
    for (unsigned i = 0; i < COUNT; i++) {
      assert_filled(blocks[i], i, i);
    }
    harena_close(arena);
  }
}

static void assert_nobody_has(harena *arena, size_t size, harena_status why) {
  for (int a = 0; a < GOOD_ALIGNMENTS; a++) {
    assert_refused(arena, why, good_alignments[a].alloc(arena, size));
    assert_refused(arena, why, good_alignments[a].zeroed(arena, size));
    assert_refused(arena, why, harena_alloc(arena, size, opaque(good_alignments[a].align)));
  }
}

/* From every position of the cursor: a sum that wraps would look like a small size. */
static void sizes_near_size_max_are_no_memory(void **state) {
  (void)state;
  for (int kind = 0; kind < KINDS; kind++) {
    harena *arena = harena_open(&kinds[kind]);
    for (size_t k = 0; k <= 64; k++) {
      assert_nobody_has(arena, opaque(SIZE_MAX - k), HARENA_NO_MEMORY);
      assert_non_null(harena_alloc(arena, 8, 8));
    }
    harena_close(arena);
  }
}

static void sizes_over_ptrdiff_max_are_no_memory(void **state) {
  (void)state;
  for (int kind = 0; kind < KINDS; kind++) {
    harena *arena = harena_open(&kinds[kind]);
    for (size_t k = 1; k <= 64; k++) {
      assert_nobody_has(arena, opaque((size_t)PTRDIFF_MAX + k), HARENA_NO_MEMORY);
      assert_non_null(harena_alloc(arena, 8, 8));
    }
    harena_close(arena);
  }
}

/* With 32 bits somebody may have them. */
static void sizes_up_to_ptrdiff_max_that_nobody_has_are_no_memory(void **state) {
  (void)state;
  if (sizeof(void *) == 4) {
    skip();
  }
  harena *arena = harena_open(NULL);
  for (size_t k = 0; k <= 64; k++) {
    assert_nobody_has(arena, opaque((size_t)PTRDIFF_MAX - k), HARENA_NO_MEMORY);
  }
  assert_nobody_has(arena, opaque((size_t)PTRDIFF_MAX - ((size_t)1 << 30)), HARENA_NO_MEMORY);
  assert_nobody_has(arena, opaque((size_t)PTRDIFF_MAX - ((size_t)1 << 31)), HARENA_NO_MEMORY);
  assert_nobody_has(arena, opaque((size_t)PTRDIFF_MAX / 2), HARENA_NO_MEMORY);
  harena_close(arena);
}

/* Alignment first, then PTRDIFF_MAX, then the limit, then the source. */
static void failures_are_checked_in_order(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, opaque(SIZE_MAX), opaque(3)));
  assert_refused(arena, HARENA_INVALID, harena_alloc(arena, 2000, opaque(3)));
  assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, opaque(SIZE_MAX), 8));
  assert_refused(arena, HARENA_NO_MEMORY, harena_alloc(arena, opaque((size_t)PTRDIFF_MAX + 1), 8));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, opaque(PTRDIFF_MAX), 8));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, opaque((size_t)PTRDIFF_MAX / 2), 8));
  assert_refused(arena, HARENA_LIMIT, harena_alloc(arena, 1001, 8));
  harena_close(arena);
}

static void realloc_checks_in_the_same_order(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  char *block = filled_block(arena, 100, 1);
  assert_refused(arena, HARENA_INVALID,
                 harena_realloc(arena, block, 100, opaque(SIZE_MAX), opaque(3)));
  assert_refused(arena, HARENA_NO_MEMORY, harena_realloc(arena, block, 100, opaque(SIZE_MAX), 8));
  assert_refused(arena, HARENA_LIMIT, harena_realloc(arena, block, 100, opaque(PTRDIFF_MAX), 8));
  assert_refused(arena, HARENA_LIMIT, harena_realloc(arena, block, 100, 1001, 8));
  assert_filled(block, 100, 1);
  harena_close(arena);
}

static harena *open_with_room(void *buffer, size_t room) {
  harena *arena = harena_open_in(buffer, HARENA_OVERHEAD + room, NULL);
  assert_non_null(arena);
  return arena;
}

/* Every size at every distance from the end of the window, at alignment 16 from both parities of
 * the cursor: what fits is served, what does not is refused, and the last byte may be written. */
static void assert_edge(char *buffer, size_t before, size_t room, size_t size,
                        const alignment *at) {
  harena *arena = open_with_room(buffer, before + room);
  if (before > 0) {
    assert_non_null(harena_alloc(arena, before, 8));
  }
  size_t padding = at->align == 16 ? before & 8 : 0;
  if (padding + charge_of(size) <= room) {
    assert_block(at->alloc(arena, size), size, at->align);
    assert_int_equal(used(arena), before + padding + charge_of(size));
  } else {
    assert_refused(arena, HARENA_NO_MEMORY, at->alloc(arena, size));
    assert_int_equal(used(arena), before);
  }
  harena_close(arena);
}

static void the_end_of_the_window_is_exact(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 128];
  for (int a = 0; a < 5; a++) {
    for (size_t before = 0; before <= 16; before += 8) {
      for (size_t room = 0; room <= 40; room += 8) {
        for (size_t size = 0; size <= 48; size++) {
          assert_edge(buffer, before, room, size, &good_alignments[a]);
        }
      }
    }
  }
}

static void sizes_that_wrap_at_the_end_of_the_window_are_refused(void **state) {
  (void)state;
  _Alignas(16) char buffer[HARENA_OVERHEAD + 128];
  for (size_t before = 8; before <= 24; before += 8) {
    for (size_t room = 0; room <= 32; room += 8) {
      harena *arena = open_with_room(buffer, before + room);
      assert_non_null(harena_alloc(arena, before, 8));
      for (size_t k = 0; k <= 64; k++) {
        assert_nobody_has(arena, opaque(SIZE_MAX - k), HARENA_NO_MEMORY);
      }
      harena_close(arena);
    }
  }
}

static void the_new_macros_give_objects_of_their_type(void **state) {
  (void)state;
  typedef struct wide {
    _Alignas(64) char bytes[64];
  } wide;
  harena *arena = harena_open(NULL);
  assert_non_null(harena_new(arena, char));
  assert_true(is_aligned(harena_new(arena, wide), 64));
  assert_true(is_aligned(harena_new_array(arena, wide, 3), 64));
  wide *zeroed = harena_new_array_zeroed(arena, wide, 3);
  assert_zero(zeroed, 3 * sizeof *zeroed);
  int *number = harena_new_zeroed(arena, int);
  assert_int_equal(*number, 0);
  harena_close(arena);
}

static harena *counted_use(harena *arena, int *times) {
  ++*times;
  return arena;
}

static void the_macros_evaluate_their_arguments_once(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  int times = 0;
  size_t count = 1;
  assert_non_null(harena_new(counted_use(arena, &times), int));
  assert_non_null(harena_new_zeroed(counted_use(arena, &times), int));
  assert_non_null(harena_new_array(counted_use(arena, &times), int, count++));
  assert_non_null(harena_new_array_zeroed(counted_use(arena, &times), int, count++));
  HARENA_SCOPE(counted_use(arena, &times)) { assert_int_equal(times, 5); }
  assert_int_equal(times, 5);
  assert_int_equal(count, 3);
  harena_close(arena);
}

/* For bindings of other languages: every inline function is a symbol too. */
static void function_pointers_do_the_same(void **state) {
  (void)state;
  harena *(*volatile open)(const harena_options *) = harena_open;
  void *(*volatile alloc)(harena *, size_t, size_t) = harena_alloc;
  void *(*volatile zeroed)(harena *, size_t, size_t) = harena_alloc_zeroed;
  void (*volatile clear)(harena *) = harena_clear;
  void (*volatile close)(harena *) = harena_close;
  harena *arena = open(NULL);
  assert_block(alloc(arena, 100, 16), 100, 16);
  assert_zero(zeroed(arena, 100, 8), 100);
  clear(arena);
  assert_int_equal(used(arena), 0);
  close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(constant_alignments_are_kept),
      cmocka_unit_test(runtime_alignments_up_to_1_gib_are_kept),
      cmocka_unit_test(a_constant_alignment_of_1_gib_is_kept),
      cmocka_unit_test(constant_bad_alignments_are_invalid),
      cmocka_unit_test(runtime_bad_alignments_are_invalid_in_every_call),
      cmocka_unit_test(size_zero_is_served_as_one),
      cmocka_unit_test(sizes_are_charged_rounded_up_to_8),
      cmocka_unit_test(neighbours_do_not_touch),
      cmocka_unit_test(sizes_near_size_max_are_no_memory),
      cmocka_unit_test(sizes_over_ptrdiff_max_are_no_memory),
      cmocka_unit_test(sizes_up_to_ptrdiff_max_that_nobody_has_are_no_memory),
      cmocka_unit_test(failures_are_checked_in_order),
      cmocka_unit_test(realloc_checks_in_the_same_order),
      cmocka_unit_test(the_end_of_the_window_is_exact),
      cmocka_unit_test(sizes_that_wrap_at_the_end_of_the_window_are_refused),
      cmocka_unit_test(the_new_macros_give_objects_of_their_type),
      cmocka_unit_test(the_macros_evaluate_their_arguments_once),
      cmocka_unit_test(function_pointers_do_the_same),
  };
  return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
