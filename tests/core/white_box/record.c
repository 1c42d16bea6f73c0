/* The invariants of src/record.h after each of many random calls. */
#include "core_test.h"
#include "model.h"
#include "record_check.h"

enum { SEEDS = 300, STEPS = 500 };

static void run_setup(void **state) {
  const model_setup *setup = *state;
  for (uint64_t seed = 101; seed < 101 + SEEDS; seed++) {
    run_model(setup, seed, STEPS, check_record);
  }
}

int main(void) {
  struct CMUnitTest tests[64] = {{0}};
  assert_true(model_setup_count <= 64);
  for (size_t i = 0; i < model_setup_count; i++) {
    tests[i] = (struct CMUnitTest){model_setups[i].name, run_setup, NULL, NULL,
                                   (void *)(uintptr_t)&model_setups[i]};
  }
  return _cmocka_run_group_tests("record", tests, model_setup_count, NULL, NULL);
}
