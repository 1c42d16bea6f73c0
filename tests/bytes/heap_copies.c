/* Copies to the heap when it has no memory: the linker's --wrap leads malloc() through faults.c. */
#include <stdlib.h>

#include "core_test.h"
#include "model/faults.h"

static void *copy_bytes(const harena_buffer *buffer) {
  return harena_bytes_to_heap(buffer->arena, harena_buffer_bytes(buffer));
}

static void *copy_string(const harena_buffer *buffer) {
  return harena_bytes_string_to_heap(buffer->arena, harena_buffer_bytes(buffer));
}

static void *copy_buffer(const harena_buffer *buffer) { return harena_buffer_to_heap(buffer); }

static void *copy_buffer_string(const harena_buffer *buffer) {
  return harena_buffer_string_to_heap(buffer);
}

static void *(*const copies[])(const harena_buffer *buffer) = {copy_bytes, copy_string, copy_buffer,
                                                               copy_buffer_string};

static void *copy_without_memory(const harena_buffer *buffer,
                                 void *(*copy)(const harena_buffer *buffer)) {
  plan_faults(0, SIZE_MAX);
  let_faults_happen(true);
  errno = 0;
  void *copied = copy(buffer);
  int error = errno;
  assert_true(faults_happened());
  forget_faults();
  errno = error;
  return copied;
}

/* The shortage is the heap's, not the arena's. */
static void assert_refused_to_copy(const harena_buffer *buffer,
                                   void *(*copy)(const harena_buffer *buffer)) {
  harena_metrics before = harena_measure(buffer->arena);
  assert_null(copy_without_memory(buffer, copy));
  assert_int_equal(errno, ENOMEM);
  harena_metrics after = harena_measure(buffer->arena);
  assert_memory_equal(&before, &after, sizeof after);
  assert_int_equal(harena_last_status(buffer->arena), HARENA_OK);
  assert_false(harena_buffer_failed(buffer));
  void *copied = copy(buffer);
  assert_non_null(copied);
  assert_memory_equal(copied, "text", harena_buffer_length(buffer));
  free(copied);
}

static void each_copy_may_fail(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++) {
    assert_refused_to_copy(&buffer, copies[i]);
  }
  assert_true(harena_buffer_write_string(&buffer, "text"));
  for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++) {
    assert_refused_to_copy(&buffer, copies[i]);
  }
  harena_close(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_copy_may_fail)};
  return cmocka_run_group_tests_name("copies to the heap", tests, NULL, NULL);
}
