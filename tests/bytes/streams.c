/* stdio streams that write to a buffer. */
#include "core_test.h"

#include <limits.h>
#include <stdio.h>

#include "homes.h"

static void assert_holds(const harena_buffer *buffer, const char *text) {
  harena_span span = harena_buffer_view(buffer);
  assert_int_equal(span.length, strlen(text));
  assert_memory_equal(span.data, text, span.length);
}

static void a_stream_is_written(harena *arena) {
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  harena_buffer_write_string(&buffer, "before ");
  FILE *stream = harena_buffer_stream(&buffer);
  assert_non_null(stream);
  assert_true(fprintf(stream, "%d and ", 42) > 0);
  assert_true(fputs("puts, ", stream) >= 0);
  assert_int_equal(fputc('c', stream), 'c');
  assert_int_equal(fwrite(", write", 1, 7, stream), 7);
  assert_int_equal(fseek(stream, 0, SEEK_END), 0);
  assert_int_equal(ferror(stream), 0);
  assert_int_equal(fclose(stream), 0);
  harena_buffer_write_string(&buffer, " after");
  assert_holds(&buffer, "before 42 and puts, c, write after");
}

static void flushing_brings_it_to_the_buffer(harena *arena) {
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  fputs("one", stream);
  assert_int_equal(fflush(stream), 0);
  assert_holds(&buffer, "one");
  fputs("two", stream);
  assert_int_equal(fseek(stream, 0, SEEK_END), 0);
  assert_holds(&buffer, "onetwo");
  assert_int_equal(fclose(stream), 0);
}

static void the_only_position_is_the_end(harena *arena) {
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  assert_int_equal(ftell(stream), 0);
  fputs("12345", stream);
  assert_int_equal(ftell(stream), 5);
  assert_int_equal(fseek(stream, 5, SEEK_SET), 0);
  assert_int_equal(fseek(stream, 0, SEEK_CUR), 0);
  errno = 0;
  assert_int_equal(fseek(stream, 0, SEEK_SET), -1);
  assert_int_equal(errno, ESPIPE);
  assert_int_equal(fseek(stream, -1, SEEK_END), -1);
  assert_int_equal(fseek(stream, 1, SEEK_END), -1);
  assert_int_equal(fseek(stream, LONG_MAX, SEEK_END), -1);
  assert_int_equal(fseek(stream, LONG_MIN, SEEK_END), -1);
  assert_int_equal(fseek(stream, LONG_MAX, SEEK_SET), -1);
  assert_int_equal(fclose(stream), 0);
  assert_holds(&buffer, "12345");
}

static void much_is_written(harena *arena) {
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  for (int i = 0; i < 20000; i++) {
    assert_true(fprintf(stream, "%05d\n", i) == 6);
  }
  assert_int_equal(fclose(stream), 0);
  harena_span span = harena_buffer_view(&buffer);
  assert_int_equal(span.length, 120000);
  assert_memory_equal(span.data + 6 * 19999, "19999\n", 6);
}

/* Two buffers of one arena, which keep each other from growing where they are, one unbuffered. */
static void streams_take_turns(harena *arena) {
  harena_buffer buffers[2];
  FILE *streams[2];
  for (int i = 0; i < 2; i++) {
    harena_buffer_init(&buffers[i], arena);
    streams[i] = harena_buffer_stream(&buffers[i]);
    assert_non_null(streams[i]);
  }
  setvbuf(streams[1], NULL, _IONBF, 0);
  for (int i = 0; i < 2000; i++) {
    assert_int_equal(fprintf(streams[0], "%04d", i), 4);
    assert_int_equal(fprintf(streams[1], "%04d", i), 4);
  }
  for (int i = 0; i < 2; i++) {
    assert_int_equal(fclose(streams[i]), 0);
    harena_span span = harena_buffer_view(&buffers[i]);
    assert_int_equal(span.length, 8000);
    assert_memory_equal(span.data, "000000010002", 12);
    assert_memory_equal(span.data + 7992, "19981999", 8);
  }
}

static void an_error_is_seen(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 1000});
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  setvbuf(stream, NULL, _IONBF, 0);
  size_t written = 0;
  errno = 0;
  while (written < 2000 && fputc('x', stream) == 'x') {
    written++;
  }
  assert_int_equal(written, 1000);
  assert_int_equal(errno, EDQUOT);
  assert_true(ferror(stream));
  assert_true(harena_buffer_failed(&buffer));
  assert_int_equal(harena_buffer_length(&buffer), 1000);
  clearerr(stream);
  assert_int_equal(fputc('x', stream), EOF);
  assert_true(ferror(stream));
  fclose(stream);
  harena_close(arena);
}

static void an_error_is_seen_at_the_end(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8});
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  fputs("more than fits", stream);
  assert_int_equal(fclose(stream), EOF);
  assert_true(harena_buffer_failed(&buffer));
  assert_int_equal(harena_buffer_length(&buffer), 0);
  harena_close(arena);
}

/* Of what stdio had to drop long before. */
static void an_early_error_is_seen_at_the_end(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8});
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  fputs("more than fits", stream);
  assert_int_equal(fflush(stream), EOF);
  assert_true(ferror(stream));
  clearerr(stream);
  errno = 0;
  assert_int_equal(fclose(stream), EOF);
  assert_int_equal(errno, EDQUOT);
  harena_close(arena);
}

/* A handler that jumps out of stdio leaves a stream that can be closed. */
static void an_error_may_panic(void **state) {
  (void)state;
  harena *arena = harena_open(&(harena_options){.limit = 8, .flags = HARENA_ABORT_ON_FAILURE});
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  assert_true(harena_buffer_write_string(&buffer, "kept"));
  FILE *stream = harena_buffer_stream(&buffer);
  fputs("more than fits", stream);
  assert_panics("over the limit", fflush(stream));
  assert_true(harena_buffer_failed(&buffer));
  errno = 0;
  assert_int_equal(fclose(stream), EOF);
  assert_int_equal(errno, EDQUOT);
  assert_holds(&buffer, "kept");
  harena_close(arena);
}

/* Nothing is asked of the arena when nothing was left to write. */
static void an_idle_stream_outlives_the_arena(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  fputs("text", stream);
  assert_int_equal(fflush(stream), 0);
  harena_close(arena);
  assert_int_equal(fclose(stream), 0);
}

static void nothing_can_be_read(harena *arena) {
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  FILE *stream = harena_buffer_stream(&buffer);
  assert_int_equal(fgetc(stream), EOF);
  fclose(stream);
  assert_false(harena_buffer_failed(&buffer));
}

static void in_homes(void **state) {
  static void (*const uses[])(harena * arena) = {
      a_stream_is_written,          flushing_brings_it_to_the_buffer,
      the_only_position_is_the_end, much_is_written,
      nothing_can_be_read,          streams_take_turns,
  };
  (void)state;
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
    in_each_home(uses[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_homes),
      cmocka_unit_test(an_error_is_seen),
      cmocka_unit_test(an_error_is_seen_at_the_end),
      cmocka_unit_test(an_early_error_is_seen_at_the_end),
      cmocka_unit_test(an_error_may_panic),
      cmocka_unit_test(an_idle_stream_outlives_the_arena),
  };
  return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
