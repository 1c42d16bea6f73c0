/* Where the C library has no streams of one's own. */
#include "core_test.h"

static void there_is_no_stream(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  assert_true(harena_buffer_write_string(&buffer, "kept"));
  errno = 0;
  assert_null(harena_buffer_stream(&buffer));
  assert_int_equal(errno, ENOTSUP);
  assert_false(harena_buffer_failed(&buffer));
  assert_true(harena_buffer_write_string(&buffer, " and written"));
  assert_int_equal(harena_buffer_length(&buffer), 16);
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(there_is_no_stream)};
  return cmocka_run_group_tests_name("no streams", tests, NULL, NULL);
}
