/* Typed views: references and arrays of one type. */
#include "views.h"

#include <stdlib.h>

#include "core_test.h"
#include "homes.h"

/* In place, beside the same with external linkage in views.h. */
typedef struct wide {
  _Alignas(64) char bytes[64];
} wide;
HARENA_VIEW(wide, wide)
HARENA_VIEW(byte, unsigned char)

enum shade { DARK, LIGHT };
HARENA_VIEW(shade, enum shade)

typedef const char *text;
HARENA_VIEW(text, text)

/* ---- References ---- */

static void a_new_one_is_zeroed(harena *arena) {
  harena_mark mark = harena_save(arena);
  filled_block(arena, 1000, 1);
  harena_rewind(arena, mark);
  for (int i = 0; i < 100; i++) {
    point_ref ref = point_new(arena);
    assert_int_equal(point_load(arena, ref).x, 0);
    assert_int_equal(point_load(arena, ref).y, 0);
    *point_at(arena, ref) = (struct point){i, i};
  }
}

static void a_value_is_embedded_and_loaded(harena *arena) {
  point_ref ref = point_embed(arena, (struct point){3, 4});
  point_at(arena, ref)->x = 5;
  struct point loaded = point_load(arena, ref);
  assert_int_equal(loaded.x, 5);
  assert_int_equal(loaded.y, 4);
  shade_ref shade = shade_embed(arena, LIGHT);
  assert_int_equal(shade_load(arena, shade), LIGHT);
  text_ref word = text_embed(arena, "word");
  assert_string_equal(text_load(arena, word), "word");
}

static void the_null_reference_panics(harena *arena) {
  const point_ref none = {{NULL, 0}};
  assert_panics("null reference", (void)point_load(arena, none));
  assert_panics("null reference", (void)point_at(arena, none));
}

static void stale_and_foreign_references_panic(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena *other = harena_open(NULL);
  point_ref ref = point_embed(arena, (struct point){1, 2});
  assert_panics("reference of another arena", (void)point_at(other, ref));
  harena_clear(arena);
  assert_panics("stale reference", (void)point_load(arena, ref));
  assert_panics("stale reference", (void)point_at(arena, ref));
  harena_close(other);
  harena_close(arena);
}

/* ---- Arrays ---- */

static void an_array_is_made_zeroed(harena *arena) {
  static const size_t sizes[][2] = {{0, 0}, {0, 1}, {1, 1}, {1, 2},
                                    {0, 7}, {6, 7}, {7, 7}, {500, 900}};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    size_t before = used(arena);
    point_buffer path;
    assert_true(point_make_with_capacity(arena, sizes[i][0], sizes[i][1], &path));
    assert_int_equal(point_length(path), sizes[i][0]);
    assert_int_equal(point_capacity(path), sizes[i][1]);
    assert_zero(point_items(arena, path), sizes[i][0] * sizeof(struct point));
    assert_int_equal(used(arena) - before, sizes[i][1] * sizeof(struct point));
    assert_true(point_make(arena, sizes[i][0], &path));
    assert_int_equal(point_length(path), sizes[i][0]);
    assert_int_equal(point_capacity(path), sizes[i][0]);
    assert_true((point_items(arena, path) == NULL) == (sizes[i][0] == 0));
  }
}

static const point_buffer untouched = {{{NULL, 7}, 8, 9}};

static void assert_same(point_buffer a, point_buffer b) { assert_memory_equal(&a, &b, sizeof a); }

static void sizes_that_wrap_are_refused(harena *arena) {
  size_t most = PTRDIFF_MAX;
  const size_t too_many[] = {opaque(SIZE_MAX), opaque(SIZE_MAX / sizeof(struct point) + 2),
                             opaque(most / sizeof(struct point) + 1)};
  for (size_t i = 0; i < sizeof too_many / sizeof too_many[0]; i++) {
    size_t many = too_many[i];
    point_buffer path = untouched;
    assert_refused(arena, HARENA_NO_MEMORY, point_make(arena, many, &path));
    assert_refused(arena, HARENA_NO_MEMORY, point_make_with_capacity(arena, 0, many, &path));
    assert_refused(arena, HARENA_INVALID, point_make_with_capacity(arena, many, 1, &path));
    assert_same(path, untouched);
    struct point one = {1, 1};
    point_buffer grown = {0};
    assert_refused(arena, HARENA_NO_MEMORY, point_append_array(arena, &grown, &one, many));
    assert_true(point_append(arena, &grown, one));
    point_buffer before = grown;
    assert_refused(arena, HARENA_NO_MEMORY, point_append_array(arena, &grown, &one, many));
    assert_same(grown, before);
  }
}

static void more_length_than_capacity_is_refused(harena *arena) {
  point_buffer path = untouched;
  assert_refused(arena, HARENA_INVALID, point_make_with_capacity(arena, 1, 0, &path));
  assert_refused(arena, HARENA_INVALID, point_make_with_capacity(arena, 2, 1, &path));
  assert_same(path, untouched);
}

static void elements_are_appended(harena *arena) {
  point_buffer path = {0};
  number_buffer lengths = {0};
  for (int i = 0; i < 1000; i++) {
    assert_true(point_append(arena, &path, (struct point){i, -i}));
    assert_true(number_append(arena, &lengths, i * 1.5));
  }
  assert_int_equal(point_length(path), 1000);
  const struct point *points = point_items(arena, path);
  const double *numbers = number_items(arena, lengths);
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(points[i].y, -i);
    assert_true(numbers[i] == i * 1.5);
  }
}

static void arrays_are_appended(harena *arena) {
  struct point corners[] = {{0, 0}, {0, 1}, {1, 1}};
  point_buffer path = {0};
  assert_true(point_append_array(arena, &path, corners, 3));
  assert_true(point_append_array(arena, &path, NULL, 0));
  assert_true(point_append_array(arena, &path, point_items(arena, path), 2));
  assert_int_equal(point_length(path), 5);
  assert_int_equal(point_load(arena, point_get(path, 4)).y, 1);
}

/* Within the capacity nothing moves and nothing is charged; one more grows. */
static void the_capacity_is_filled(harena *arena) {
  const struct point corners[] = {{0, 0}, {0, 1}, {1, 1}, {1, 0}};
  point_buffer path;
  assert_true(point_make_with_capacity(arena, 0, 6, &path));
  const struct point *place = point_items(arena, path);
  size_t before = used(arena);
  assert_true(point_append_array(arena, &path, corners, 0));
  assert_true(point_append_array(arena, &path, corners, 1));
  assert_true(point_append_array(arena, &path, corners, 4));
  assert_true(point_append(arena, &path, corners[3]));
  assert_int_equal(point_length(path), 6);
  assert_int_equal(point_capacity(path), 6);
  assert_ptr_equal(point_items(arena, path), place);
  assert_int_equal(used(arena), before);
  assert_true(point_append(arena, &path, corners[2]));
  assert_int_equal(point_length(path), 7);
  assert_true(point_capacity(path) >= 7);
  assert_int_equal(point_load(arena, point_get(path, 5)).x, 1);
  assert_int_equal(point_load(arena, point_get(path, 6)).y, 1);
}

static void an_index_is_checked(harena *arena) {
  point_buffer path;
  const point_buffer none = {0};
  assert_true(point_make_with_capacity(arena, 3, 8, &path));
  point_at(arena, point_get(path, 2))->x = 9;
  assert_int_equal(point_items(arena, path)[2].x, 9);
  assert_ptr_equal(point_at(arena, point_get(path, 0)), point_items(arena, path));
  assert_panics("out of range: index 3, length 3", (void)point_get(path, 3));
  assert_panics("out of range: index 7, length 3", (void)point_get(path, 7));
  assert_panics("out of range: index 8, length 3", (void)point_get(path, 8));
  assert_panics(", length 3", (void)point_get(path, SIZE_MAX));
  assert_panics("out of range: index 0, length 0", (void)point_get(none, 0));
}

static void slices_count_elements(harena *arena) {
  point_buffer path;
  assert_true(point_make_with_capacity(arena, 4, 6, &path));
  point_buffer tail = point_slice(path, 1, 3);
  assert_int_equal(point_length(tail), 2);
  assert_int_equal(point_capacity(tail), 5);
  point_at(arena, point_get(tail, 0))->x = 7;
  assert_int_equal(point_load(arena, point_get(path, 1)).x, 7);
  assert_int_equal(point_length(point_slice(path, 2, 6)), 4);
  assert_int_equal(point_length(point_slice(path, 0, 0)), 0);
  assert_int_equal(point_capacity(point_slice(path, 0, 0)), 6);
  assert_int_equal(point_length(point_slice(path, 0, 1)), 1);
  assert_int_equal(point_length(point_slice(path, 0, 6)), 6);
  assert_int_equal(point_capacity(point_slice(path, 5, 6)), 1);
  assert_int_equal(point_capacity(point_slice(path, 6, 6)), 0);
  assert_null(point_items(arena, point_slice(path, 6, 6)));
  assert_panics("out of range: slice [0, 7), length 4, capacity 6", (void)point_slice(path, 0, 7));
  assert_panics("out of range: slice [3, 2), length 4, capacity 6", (void)point_slice(path, 3, 2));
  size_t wraps = SIZE_MAX / sizeof(struct point) + 2;
  assert_panics(", length 4, capacity 6", (void)point_slice(path, 1, wraps));
  assert_panics(", length 4, capacity 6", (void)point_slice(path, 0, SIZE_MAX));
  assert_panics(", length 4, capacity 6", (void)point_slice(path, SIZE_MAX, 0));
  assert_panics(", length 4, capacity 6", (void)point_slice(path, SIZE_MAX, SIZE_MAX));
}

/* A function of its own: longjmp could clobber the value where it is passed. */
static bool append_a_point(harena *arena, point_buffer *path) {
  return point_append(arena, path, (struct point){3, 4});
}

static void a_stale_array_panics(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  point_buffer path = {0};
  assert_true(point_append(arena, &path, (struct point){1, 2}));
  point_ref first = point_get(path, 0);
  harena_clear(arena);
  assert_panics("stale reference", (void)point_items(arena, path));
  assert_panics("stale reference", (void)append_a_point(arena, &path));
  assert_panics("stale reference", (void)point_load(arena, first));
  assert_panics("stale reference", (void)point_load(arena, point_get(path, 0)));
  harena_close(arena);
}

static void alignment_is_kept(harena *arena) {
  wide_buffer all = {0};
  for (int i = 0; i < 40; i++) {
    assert_true(harena_alloc(arena, 8, 8));
    assert_true(wide_append(arena, &all, (wide){{(char)i}}));
    assert_true(is_aligned(wide_items(arena, all), 64));
    assert_true(is_aligned(wide_at(arena, wide_new(arena)), 64));
    if (i == 20) {
      all = wide_slice(all, 3, 21);
    }
  }
  assert_int_equal(wide_load(arena, wide_get(all, 0)).bytes[0], 3);
  assert_int_equal(wide_load(arena, wide_get(all, 36)).bytes[0], 39);
}

/* ---- Shortage ---- */

/* The arena has room for 64 bytes: eight points. */
static void assert_shortage_changes_nothing(harena *arena, harena_status why) {
  const struct point corners[] = {{0, 0}, {0, 1}};
  point_buffer path;
  assert_true(point_make(arena, 8, &path));
  point_buffer full = path;
  point_buffer none = {0};
  point_buffer out = untouched;
  assert_refused(arena, why, point_new(arena).ref.address);
  assert_refused(arena, why, point_new(arena).ref.epoch);
  assert_refused(arena, why, point_embed(arena, corners[1]).ref.address);
  assert_refused(arena, why, point_make(arena, 1, &out));
  assert_refused(arena, why, point_make_with_capacity(arena, 0, 1, &out));
  assert_refused(arena, why, point_append(arena, &path, corners[1]));
  assert_refused(arena, why, point_append_array(arena, &path, corners, 2));
  assert_refused(arena, why, point_append(arena, &none, corners[1]));
  assert_same(out, untouched);
  assert_same(none, (point_buffer){0});
  assert_same(path, full);
  assert_zero(point_items(arena, path), 64);
  path = point_slice(path, 0, 6);
  assert_true(point_append_array(arena, &path, corners, 2));
  assert_int_equal(point_load(arena, point_get(full, 7)).y, 1);
  harena_close(arena);
}

static void shortage_changes_nothing(void **state) {
  (void)state;
  static _Alignas(16) char buffer[HARENA_OVERHEAD + 64];
  assert_shortage_changes_nothing(harena_open_in(buffer, sizeof buffer, NULL), HARENA_NO_MEMORY);
  static const unsigned flags[] = {0, HARENA_COUNT, HARENA_RECYCLE};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    harena_options options = {.limit = 64, .flags = flags[i]};
    assert_shortage_changes_nothing(harena_open(&options), HARENA_LIMIT);
  }
}

/* ---- What the macros are ---- */

static int evaluations;

static void count(void) { evaluations++; }

/* Its argument, and counts how often it is evaluated. */
#define once(value) (count(), (value))

#define assert_evaluates(count, call)     \
  do {                                    \
    evaluations = 0;                      \
    assert_true(((void)(call), true));    \
    assert_int_equal(evaluations, count); \
  } while (0)

static void arguments_are_evaluated_once(harena *arena) {
  const unsigned char values[] = {1, 2, 3};
  byte_buffer bytes = {0};
  byte_ref ref = byte_new(arena);
  assert_evaluates(1, byte_new(once(arena)));
  assert_evaluates(2, byte_embed(once(arena), once(values[1])));
  assert_evaluates(2, byte_load(once(arena), once(ref)));
  assert_evaluates(2, byte_at(once(arena), once(ref)));
  assert_evaluates(3, byte_make(once(arena), once(3), once(&bytes)));
  assert_evaluates(4, byte_make_with_capacity(once(arena), once(3), once(5), once(&bytes)));
  assert_evaluates(3, byte_append(once(arena), once(&bytes), once(values[0])));
  assert_evaluates(4, byte_append_array(once(arena), once(&bytes), once(values), once(3)));
  assert_evaluates(3, byte_slice(once(bytes), once(1), once(4)));
  assert_evaluates(2, byte_get(once(bytes), once(6)));
  assert_evaluates(1, byte_length(once(bytes)));
  assert_evaluates(1, byte_capacity(once(bytes)));
  assert_evaluates(2, byte_items(once(arena), once(bytes)));
  assert_int_equal(byte_length(bytes), 7);
}

static void in_homes(void **state) {
  static void (*const uses[])(harena * arena) = {
      a_new_one_is_zeroed,          a_value_is_embedded_and_loaded,
      the_null_reference_panics,    an_array_is_made_zeroed,
      sizes_that_wrap_are_refused,  more_length_than_capacity_is_refused,
      elements_are_appended,        arrays_are_appended,
      the_capacity_is_filled,       an_index_is_checked,
      slices_count_elements,        alignment_is_kept,
      arguments_are_evaluated_once,
  };
  (void)state;
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
    in_each_home(uses[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_homes),
      cmocka_unit_test(shortage_changes_nothing),
      cmocka_unit_test(stale_and_foreign_references_panic),
      cmocka_unit_test(a_stale_array_panics),
  };
  return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
