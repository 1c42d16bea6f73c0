/* Shortages at every place: each call that needs memory is made until it fails, and all of them in
 * turn while the i-th acquisition fails, for every i, once and for ever. What fails leaves everything
 * as it was, and works once there is memory. */
#include <stdio.h>

#include "core_test.h"
#include "views.h"
#include "watched_source.h"

enum { PERIOD = 16, LONG = 700, MOST_TRIES = 100000 };

typedef struct writer {
  harena *arena;
  harena_status shortage; /* how a call fails */
  harena_bytes slice;
  harena_buffer buffer;
  point_buffer path;
  size_t used; /* before the last call */
  size_t failures;
} writer;

/* ---- What they hold ---- */

static char byte_at(size_t i) { return (char)('a' + i % PERIOD); }

static struct point point_number(size_t i) { return (struct point){(int)i, -(int)i}; }

/* The LONG bytes that come at `from`, as a string. */
static const char *text_from(size_t from) {
  static char text[LONG + 1];
  for (size_t i = 0; i < LONG; i++) {
    text[i] = byte_at(from + i);
  }
  return text;
}

static void assert_text(harena_span text) {
  for (size_t i = 0; i < text.length; i++) {
    assert_int_equal(text.data[i], byte_at(i));
  }
}

static void assert_intact(const writer *it) {
  assert_text(harena_bytes_view(it->arena, it->slice));
  assert_text(harena_buffer_view(&it->buffer));
  const struct point *points = point_items(it->arena, it->path);
  for (size_t i = 0; i < point_length(it->path); i++) {
    assert_int_equal(points[i].x, i);
    assert_int_equal(points[i].y, -(int)i);
  }
}

/* ---- Slices ---- */

static bool make(writer *it) {
  harena_bytes made;
  return harena_bytes_make(it->arena, 100, LONG, &made);
}

static bool embed(writer *it) {
  harena_bytes made;
  if (!harena_bytes_embed(it->arena, text_from(0), LONG, &made)) {
    return false;
  }
  assert_text(harena_bytes_view(it->arena, made));
  return true;
}

static bool append_byte(writer *it) {
  return harena_bytes_append_byte(it->arena, &it->slice, byte_at(it->slice.length));
}

static bool append_long(writer *it) {
  return harena_bytes_append(it->arena, &it->slice, text_from(it->slice.length), LONG);
}

static bool append_string(writer *it) {
  return harena_bytes_append_string(it->arena, &it->slice, text_from(it->slice.length));
}

static bool append_itself(writer *it) {
  harena_span span = harena_bytes_view(it->arena, it->slice);
  size_t from = span.length % PERIOD;
  size_t length = span.length - from;
  return span.length == 0 || harena_bytes_append(it->arena, &it->slice, span.data + from,
                                                 length < LONG ? length : LONG);
}

static bool make_string(writer *it) {
  char *string = harena_bytes_string(it->arena, it->slice);
  if (string) {
    assert_text((harena_span){string, strlen(string)});
    assert_int_equal(strlen(string), it->slice.length);
  }
  return string != NULL;
}

/* ---- Buffers ---- */

static const char *next_text(const writer *it) {
  return text_from(harena_buffer_length(&it->buffer));
}

static bool write_long(writer *it) { return harena_buffer_write(&it->buffer, next_text(it), LONG); }

static bool write_byte(writer *it) { return harena_buffer_write_byte(&it->buffer, *next_text(it)); }

static bool write_string(writer *it) {
  return harena_buffer_write_string(&it->buffer, next_text(it));
}

static bool reserve(writer *it) {
  char *room = harena_buffer_reserve(&it->buffer, LONG);
  if (room) {
    memcpy(room, next_text(it), LONG);
    harena_buffer_commit(&it->buffer, LONG);
  }
  return room != NULL;
}

static bool print(writer *it) { return harena_buffer_printf(&it->buffer, "%s", next_text(it)); }

static bool print_arguments(harena_buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  bool done = harena_buffer_vprintf(buffer, format, arguments);
  va_end(arguments);
  return done;
}

static bool print_list(writer *it) { return print_arguments(&it->buffer, "%s", next_text(it)); }

/* A stream that a panic has jumped out of. */
static FILE *left_open;

static bool stream(writer *it) {
  FILE *stream = harena_buffer_stream(&it->buffer);
  assert_non_null(stream);
  fputs(next_text(it), stream);
  left_open = stream;
  bool flushed = fflush(stream) == 0;
  left_open = NULL;
  return (fclose(stream) == 0) == flushed && flushed;
}

/* ---- Views ---- */

static bool new_point(writer *it) { return point_new(it->arena).ref.address != NULL; }

static bool embed_point(writer *it) {
  return point_embed(it->arena, point_number(1)).ref.address != NULL;
}

static bool make_points(writer *it) {
  point_buffer made;
  return point_make(it->arena, 100, &made);
}

static bool make_room_for_points(writer *it) {
  point_buffer made;
  return point_make_with_capacity(it->arena, 1, 100, &made);
}

static bool append_point(writer *it) {
  return point_append(it->arena, &it->path, point_number(point_length(it->path)));
}

static bool append_points(writer *it) {
  struct point points[50];
  for (size_t i = 0; i < 50; i++) {
    points[i] = point_number(point_length(it->path) + i);
  }
  return point_append_array(it->arena, &it->path, points, 50);
}

/* ---- One call ---- */

static bool (*const calls[])(writer *it) = {
    make,          embed,       append_byte,          append_long,  append_string,
    append_itself, make_string, write_long,           write_byte,   write_string,
    reserve,       print,       print_list,           stream,       new_point,
    embed_point,   make_points, make_room_for_points, append_point, append_points,
};
enum { CALLS = sizeof calls / sizeof calls[0] };

static void assert_failed(const writer *it, const writer *before) {
  assert_int_equal(harena_last_status(it->arena), it->shortage);
  assert_int_equal(used(it->arena), before->used);
  harena_bytes contents = harena_buffer_bytes(&it->buffer);
  harena_bytes contents_before = harena_buffer_bytes(&before->buffer);
  assert_memory_equal(&contents, &contents_before, sizeof contents);
  assert_memory_equal(&it->slice, &before->slice, sizeof it->slice);
  assert_memory_equal(&it->path, &before->path, sizeof it->path);
  assert_intact(it);
}

static void go_on(writer *it) {
  it->failures++;
  if (harena_buffer_failed(&it->buffer)) {
    harena_buffer_init(&it->buffer, it->arena);
  }
}

static bool try(writer *it, bool (*call)(writer *it)) {
  it->used = used(it->arena);
  writer before = *it;
  errno = 0;
  if (call(it)) {
    return true;
  }
  assert_int_equal(errno, errno_of(it->shortage));
  assert_failed(it, &before);
  go_on(it);
  return false;
}

static void try_all(writer *it, int rounds) {
  for (int i = 0; i < rounds; i++) {
    for (size_t call = 0; call < CALLS; call++) {
      try(it, calls[call]);
    }
  }
  assert_intact(it);
}

/* ---- Each call until it fails ---- */

typedef struct home {
  unsigned flags;
  bool is_child; /* of a parent that comes to its limit */
} home;

static const home homes[] = {
    {0, false}, {HARENA_COUNT, false}, {HARENA_RECYCLE, false},
    {0, true},  {HARENA_COUNT, true},  {HARENA_RECYCLE, true},
};
enum { HOMES = sizeof homes / sizeof homes[0] };

static void set_shortage(watched_source *source, harena *parent, bool shortage) {
  source->fail_at = shortage ? source->asked + 1 : 0;
  source->fail_from_there = true;
  if (parent) {
    assert_true(harena_set_limit(parent, shortage ? used(parent) : 0));
  }
}

static void fail_and_go_on(const home *where, bool (*call)(writer *it)) {
  watched_source source;
  watch_source(&source);
  harena_options options = {.source = &source.source};
  harena *parent = where->is_child ? harena_open(&options) : NULL;
  options = (harena_options){.flags = where->flags, .parent = parent};
  options.source = parent ? NULL : &source.source;
  writer it = {.arena = harena_open(&options),
               .shortage = parent ? HARENA_LIMIT : HARENA_NO_MEMORY};
  harena_buffer_init(&it.buffer, it.arena);
  try_all(&it, 2);
  assert_int_equal(it.failures, 0);
  set_shortage(&source, parent, true);
  for (int tries = 0; try(&it, call); tries++) {
    assert_true(tries < MOST_TRIES);
  }
  set_shortage(&source, parent, false);
  assert_true(try(&it, call));
  try_all(&it, 2);
  assert_int_equal(it.failures, 1);
  harena_close(it.arena);
  harena_close(parent);
  assert_all_released(&source);
}

static void each_call_fails_and_goes_on(void **state) {
  (void)state;
  for (size_t i = 0; i < HOMES; i++) {
    for (size_t call = 0; call < CALLS; call++) {
      fail_and_go_on(&homes[i], calls[call]);
    }
  }
}

/* ---- Each call until it panics ---- */

static void repeat(writer *it, writer *before, bool (*call)(writer *it)) {
  do {
    it->used = used(it->arena);
    *before = *it;
  } while (call(it));
}

static void close_what_was_left_open(void) {
  if (left_open) {
    assert_int_equal(fclose(left_open), EOF);
    left_open = NULL;
  }
}

static void panic_and_go_on(bool (*call)(writer *it)) {
  static writer it;
  static writer before;
  watched_source source;
  watch_source(&source);
  harena_options options = {.source = &source.source, .flags = HARENA_ABORT_ON_FAILURE};
  it = (writer){.arena = harena_open(&options), .shortage = HARENA_NO_MEMORY};
  harena_buffer_init(&it.buffer, it.arena);
  try_all(&it, 2);
  set_shortage(&source, NULL, true);
  assert_panics("harena: no memory: ", repeat(&it, &before, call));
  assert_failed(&it, &before);
  close_what_was_left_open();
  go_on(&it);
  set_shortage(&source, NULL, false);
  assert_true(try(&it, call));
  try_all(&it, 2);
  assert_int_equal(it.failures, 1);
  harena_close(it.arena);
  assert_all_released(&source);
}

static void each_call_may_panic_and_goes_on(void **state) {
  (void)state;
  for (size_t call = 0; call < CALLS; call++) {
    panic_and_go_on(calls[call]);
  }
}

static void an_invalid_argument_may_panic(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.flags = HARENA_ABORT_ON_FAILURE});
  harena_bytes bytes = {{NULL, 7}, 8, 9};
  point_buffer points = {bytes};
  assert_panics("harena: invalid argument: 2 bytes", (void)!harena_bytes_make(arena, 2, 1, &bytes));
  assert_panics("harena: invalid argument: 16 bytes",
                (void)point_make_with_capacity(arena, 2, 1, &points));
  assert_memory_equal(&bytes, &points.bytes, sizeof bytes);
  assert_int_equal(bytes.capacity, 9);
  assert_int_equal(used(arena), 0);
  harena_close(arena);
}

/* ---- Each acquisition ---- */

/* False when the source was not asked often enough for the failure to happen. */
static bool run_with_failure(size_t fail_at, bool from_there, unsigned flags) {
  watched_source source;
  watch_source(&source);
  source.fail_at = fail_at;
  source.fail_from_there = from_there;
  harena *arena = harena_open(&(harena_options){.source = &source.source, .flags = flags});
  bool happened = !arena;
  if (arena) {
    writer it = {.arena = arena, .shortage = HARENA_NO_MEMORY};
    harena_buffer_init(&it.buffer, arena);
    try_all(&it, 15);
    happened = source.asked >= fail_at;
    source.fail_at = 0;
    harena_clear(arena);
    it = (writer){.arena = arena};
    harena_buffer_init(&it.buffer, arena);
    try_all(&it, 15);
    assert_int_equal(it.failures, 0);
    harena_close(arena);
  }
  assert_all_released(&source);
  return happened;
}

static void each_may_fail(bool from_there) {
  static const unsigned flags[] = {0, HARENA_COUNT, HARENA_RECYCLE};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    size_t fail_at = 1;
    while (run_with_failure(fail_at, from_there, flags[i])) {
      fail_at++;
    }
    assert_true(fail_at > 4);
  }
}

static void each_acquisition_fails_once(void **state) {
  (void)state;
  each_may_fail(false);
}

static void from_each_acquisition_on_all_fail(void **state) {
  (void)state;
  each_may_fail(true);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_call_fails_and_goes_on),
      cmocka_unit_test(each_call_may_panic_and_goes_on),
      cmocka_unit_test(an_invalid_argument_may_panic),
      cmocka_unit_test(each_acquisition_fails_once),
      cmocka_unit_test(from_each_acquisition_on_all_fail),
  };
  return cmocka_run_group_tests_name("shortages of slices", tests, NULL, NULL);
}
