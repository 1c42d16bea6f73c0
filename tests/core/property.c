/* Whatever is called in whatever order: see model.h. The seeds are fixed, so a failure is the
 * same every time; the message of one names setup, seed and step. */
#include <stdlib.h>

#include "core_test.h"
#include "model.h"

enum { FIRST_SEED = 1, STEPS = 600 };

static uint64_t seeds = 40;

static void look_at_nothing(const harena *arena) { (void)arena; }

static void run_setup(void **state) {
  const model_setup *setup = *state;
  for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
    run_model(setup, seed, STEPS, look_at_nothing);
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
  return _cmocka_run_group_tests("property", tests, model_setup_count, NULL, NULL);
}
