/* Typed views: references and arrays of one type. */
#include "views.h"

#include <stdlib.h>

#include "core_test.h"

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

static void a_new_one_is_zeroed(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_clear(arena);
  for (int i = 0; i < 100; i++) {
    point_ref ref = point_new(arena);
    assert_int_equal(point_load(arena, ref).x, 0);
    assert_int_equal(point_load(arena, ref).y, 0);
    *point_at(arena, ref) = (struct point){i, i};
  }
  harena_close(arena);
}

static void a_value_is_embedded_and_loaded(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  point_ref ref = point_embed(arena, (struct point){3, 4});
  point_at(arena, ref)->x = 5;
  struct point loaded = point_load(arena, ref);
  assert_int_equal(loaded.x, 5);
  assert_int_equal(loaded.y, 4);
  shade_ref shade = shade_embed(arena, LIGHT);
  assert_int_equal(shade_load(arena, shade), LIGHT);
  text_ref word = text_embed(arena, "word");
  assert_string_equal(text_load(arena, word), "word");
  harena_close(arena);
}

static void shortage_gives_the_null_reference(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8});
  assert_non_null(point_new(arena).ref.address);
  point_ref none = point_new(arena);
  assert_null(none.ref.address);
  assert_int_equal(none.ref.epoch, 0);
  assert_int_equal(harena_last_status(arena), HARENA_LIMIT);
  assert_null(point_embed(arena, (struct point){1, 2}).ref.address);
  assert_panics("null reference", (void)point_load(arena, none));
  harena_close(arena);
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

static void an_array_is_made_zeroed(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  point_buffer path;
  assert_true(point_make(arena, 10, &path));
  assert_int_equal(point_length(path), 10);
  assert_int_equal(point_capacity(path), 10);
  assert_zero(point_items(arena, path), 10 * sizeof(struct point));
  assert_true(point_make_with_capacity(arena, 0, 7, &path));
  assert_int_equal(point_length(path), 0);
  assert_int_equal(point_capacity(path), 7);
  assert_true(point_make(arena, 0, &path));
  assert_int_equal(point_capacity(path), 0);
  assert_null(point_items(arena, path));
  harena_close(arena);
}

static void sizes_that_wrap_are_refused(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  point_buffer path = {{{NULL, 7}, 8, 9}};
  size_t many = opaque(SIZE_MAX / sizeof(struct point) + 2);
  assert_refused(arena, HARENA_NO_MEMORY, point_make(arena, many, &path));
  assert_refused(arena, HARENA_NO_MEMORY, point_make(arena, opaque(SIZE_MAX), &path));
  assert_refused(arena, HARENA_INVALID, point_make_with_capacity(arena, many, 1, &path));
  assert_refused(arena, HARENA_INVALID, point_make_with_capacity(arena, 2, 1, &path));
  assert_true(path.bytes.data.epoch == 7 && path.bytes.length == 8 && path.bytes.capacity == 9);
  struct point one = {1, 1};
  point_buffer grown = {0};
  assert_refused(arena, HARENA_NO_MEMORY, point_append_array(arena, &grown, &one, many));
  assert_int_equal(point_length(grown), 0);
  harena_close(arena);
}

static void elements_are_appended(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
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
  harena_close(arena);
}

static void arrays_are_appended(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  struct point corners[] = {{0, 0}, {0, 1}, {1, 1}};
  point_buffer path = {0};
  assert_true(point_append_array(arena, &path, corners, 3));
  assert_true(point_append_array(arena, &path, NULL, 0));
  assert_true(point_append_array(arena, &path, point_items(arena, path), 2));
  assert_int_equal(point_length(path), 5);
  assert_int_equal(point_load(arena, point_get(path, 4)).y, 1);
  harena_close(arena);
}

static void an_index_is_checked(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  point_buffer path;
  const point_buffer none = {0};
  assert_true(point_make_with_capacity(arena, 3, 8, &path));
  point_at(arena, point_get(path, 2))->x = 9;
  assert_int_equal(point_items(arena, path)[2].x, 9);
  assert_panics("out of range: index 3, length 3", (void)point_get(path, 3));
  assert_panics(", length 3", (void)point_get(path, SIZE_MAX));
  assert_panics("out of range: index 0, length 0", (void)point_get(none, 0));
  harena_close(arena);
}

static void slices_count_elements(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  point_buffer path;
  assert_true(point_make_with_capacity(arena, 4, 6, &path));
  point_buffer tail = point_slice(path, 1, 3);
  assert_int_equal(point_length(tail), 2);
  assert_int_equal(point_capacity(tail), 5);
  point_at(arena, point_get(tail, 0))->x = 7;
  assert_int_equal(point_load(arena, point_get(path, 1)).x, 7);
  assert_int_equal(point_length(point_slice(path, 2, 6)), 4);
  assert_int_equal(point_capacity(point_slice(path, 6, 6)), 0);
  assert_panics("out of range: slice [0, 7), capacity 6", (void)point_slice(path, 0, 7));
  assert_panics("out of range: slice [3, 2), capacity 6", (void)point_slice(path, 3, 2));
  size_t wraps = SIZE_MAX / sizeof(struct point) + 2;
  assert_panics(", capacity 6", (void)point_slice(path, 1, wraps));
  harena_close(arena);
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

static void alignment_is_kept(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
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
  harena_close(arena);
}

static int evaluations;

static size_t counted(size_t value) {
  evaluations++;
  return value;
}

static void arguments_are_evaluated_once(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  byte_buffer bytes = {0};
  assert_true(byte_append(arena, &bytes, (unsigned char)counted(1)));
  assert_true(byte_append(arena, &bytes, (unsigned char)counted(2)));
  (void)byte_get(byte_slice(bytes, counted(0), counted(2)), counted(1));
  assert_int_equal(evaluations, 5);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_one_is_zeroed),
      cmocka_unit_test(a_value_is_embedded_and_loaded),
      cmocka_unit_test(shortage_gives_the_null_reference),
      cmocka_unit_test(stale_and_foreign_references_panic),
      cmocka_unit_test(an_array_is_made_zeroed),
      cmocka_unit_test(sizes_that_wrap_are_refused),
      cmocka_unit_test(elements_are_appended),
      cmocka_unit_test(arrays_are_appended),
      cmocka_unit_test(an_index_is_checked),
      cmocka_unit_test(slices_count_elements),
      cmocka_unit_test(a_stale_array_panics),
      cmocka_unit_test(alignment_is_kept),
      cmocka_unit_test(arguments_are_evaluated_once),
  };
  return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
