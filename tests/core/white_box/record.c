/* The invariants of src/record.h after each of many random calls. */
#include <stdlib.h>

#include "core_test.h"
#include "model.h"
#include "record_check.h"

enum { FIRST_SEED = 100001, STEPS = 500 };

static uint64_t seeds = 12;

static void run_setup(void **state) {
  const model_setup *setup = *state;
  for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
    run_model(setup, seed, STEPS, check_record);
  }
}

/* An argument is the number of seeds for each setup. */
int main(int count, char **arguments) {
  seeds = count > 1 ? strtoull(arguments[1], NULL, 10) : seeds;
  struct CMUnitTest tests[64] = {{0}};
  assert_true(model_setup_count <= 64);
  for (size_t i = 0; i < model_setup_count; i++) {
    tests[i] = (struct CMUnitTest){model_setups[i].name, run_setup, NULL, NULL,
                                   (void *)(uintptr_t)&model_setups[i]};
  }
  return _cmocka_run_group_tests("record", tests, model_setup_count, NULL, NULL);
}
