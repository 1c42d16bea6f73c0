#include "core_test.h"

int errno_of(harena_status status) {
  switch (status) {
    case HARENA_OK:
      return 0;
    case HARENA_NO_MEMORY:
      return ENOMEM;
    case HARENA_LIMIT:
      return EDQUOT;
    case HARENA_INVALID:
      return EINVAL;
  }
  return -1;
}

size_t opaque(size_t value) {
  volatile size_t hidden = value;
  return hidden;
}

size_t used(const harena *arena) { return harena_measure(arena).used_bytes; }

bool is_aligned(const void *block, size_t align) { return ((uintptr_t)block & (align - 1)) == 0; }

size_t charge_of(size_t size) { return size == 0 ? 8 : (size + 7) / 8 * 8; }

static unsigned char pattern(size_t index, unsigned seed) {
  return (unsigned char)(seed * 31 + index * 7 + 1);
}

void fill(void *block, size_t size, unsigned seed) {
  unsigned char *bytes = block;
  for (size_t i = 0; i < size; i++) {
    bytes[i] = pattern(i, seed);
  }
}

void assert_filled(const void *block, size_t size, unsigned seed) {
  const unsigned char *bytes = block;
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != pattern(i, seed)) {
      fail_msg("byte %zu of %zu is %u, expected %u", i, size, bytes[i], pattern(i, seed));
    }
  }
}

void assert_zero(const void *block, size_t size) {
  const unsigned char *bytes = block;
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != 0) {
      fail_msg("byte %zu of %zu is %u, expected 0", i, size, bytes[i]);
    }
  }
}

char *filled_block(harena *arena, size_t size, unsigned seed) {
  char *block = harena_alloc(arena, size, 1);
  assert_non_null(block);
  fill(block, size, seed);
  return block;
}

void assert_figures_agree(const harena *arena, bool counted) {
  harena_metrics now = harena_measure(arena);
  assert_true(now.data_bytes <= now.used_bytes);
  assert_int_equal(now.padding_bytes, now.used_bytes - now.data_bytes);
  assert_true(now.peak_bytes >= now.used_bytes);
  assert_true(now.capacity_bytes >= now.used_bytes);
  assert_true(now.available_bytes <= now.capacity_bytes - now.used_bytes);
  assert_int_equal(now.available_bytes % 8, 0);
  if (!counted && !harena_instrumented()) {
    assert_int_equal(now.padding_bytes, 0);
    assert_int_equal(now.allocations, 0);
  }
}
