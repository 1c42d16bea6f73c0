/* The set of live blocks against a plain array of flags, with many collisions, growth and
 * removals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "shadow/live_blocks.h"

enum { BLOCKS = 20000, STEPS = 400000 };

static char blocks[BLOCKS * 8];
static bool present[BLOCKS];

static void step(unsigned *seed) {
  size_t i = (size_t)rand_r(seed) % BLOCKS;
  if (rand_r(seed) % 3 == 0) {
    assert_int_equal(harena__live_block_remove(&blocks[i * 8]), present[i]);
    present[i] = false;
  } else {
    harena__live_block_add(&blocks[i * 8]);
    present[i] = true;
  }
}

static void test_against_flags(void **state) {
  (void)state;
  unsigned seed = 1;
  assert_false(harena__live_block_remove(blocks));
  for (int i = 0; i < STEPS; i++) {
    step(&seed);
  }
  for (size_t i = 0; i < BLOCKS; i++) {
    assert_int_equal(harena__live_block_remove(&blocks[i * 8]), present[i]);
    assert_false(harena__live_block_remove(&blocks[i * 8]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_flags)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
