/* Shortages at every place: slices and a buffer grow between other blocks while the i-th
 * acquisition fails, for every i, once and for ever. What fails leaves everything as it was. */
#include "core_test.h"
#include "watched_source.h"

typedef struct writer {
  harena *arena;
  harena_bytes slice;
  harena_buffer buffer;
  size_t in_buffer;
  size_t failures;
} writer;

static char byte_at(size_t i) { return (char)(i * 7 + 1); }

static void assert_intact(const writer *it) {
  harena_span slice = harena_bytes_view(it->arena, it->slice);
  harena_span buffer = harena_buffer_view(&it->buffer);
  assert_int_equal(buffer.length, it->in_buffer);
  for (size_t i = 0; i < slice.length; i += 97) {
    assert_int_equal(slice.data[i], byte_at(i));
  }
  for (size_t i = 0; i < buffer.length; i += 97) {
    assert_int_equal(buffer.data[i], 'p');
  }
}

static void assert_failed(writer *it, size_t used_before) {
  it->failures++;
  assert_int_equal(harena_last_status(it->arena), HARENA_NO_MEMORY);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(used(it->arena), used_before);
}

static void append(writer *it) {
  size_t before = used(it->arena);
  harena_bytes slice = it->slice;
  if (!harena_bytes_append_byte(it->arena, &it->slice, byte_at(it->slice.length))) {
    assert_memory_equal(&it->slice, &slice, sizeof slice);
    assert_failed(it, before);
  }
}

static void print(writer *it, int count) {
  size_t before = used(it->arena);
  bool had_failed = harena_buffer_failed(&it->buffer);
  if (harena_buffer_printf(&it->buffer, "%.*s", count, "pppppppppppppppppppp")) {
    it->in_buffer += (size_t)count;
  } else if (!had_failed) {
    assert_failed(it, before);
  }
}

static void make(writer *it, size_t size) {
  size_t before = used(it->arena);
  harena_bytes made = {{NULL, 7}, 8, 9};
  if (!harena_bytes_make(it->arena, 1, size, &made)) {
    assert_int_equal(made.capacity, 9);
    assert_failed(it, before);
  }
}

static void write_much(writer *it) {
  harena_buffer_init(&it->buffer, it->arena);
  for (int i = 0; i < 3000; i++) {
    append(it);
    append(it);
    print(it, 1 + i % 20);
    if (i % 500 == 0) {
      make(it, 2000);
      assert_intact(it);
    }
  }
  assert_intact(it);
}

/* False when the source was not asked often enough for the failure to happen. */
static bool run_with_failure(size_t fail_at, bool from_there, unsigned flags) {
  watched_source source;
  watch_source(&source);
  source.fail_at = fail_at;
  source.fail_from_there = from_there;
  writer it = {.arena = harena_open(&(harena_options){.source = &source.source, .flags = flags})};
  bool happened = !it.arena;
  if (it.arena) {
    write_much(&it);
    happened = source.asked >= fail_at;
    source.fail_at = 0;
    harena_clear(it.arena);
    it = (writer){.arena = it.arena};
    write_much(&it);
    assert_int_equal(it.failures, 0);
    harena_close(it.arena);
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
      cmocka_unit_test(each_acquisition_fails_once),
      cmocka_unit_test(from_each_acquisition_on_all_fail),
  };
  return cmocka_run_group_tests_name("shortages of slices", tests, NULL, NULL);
}
