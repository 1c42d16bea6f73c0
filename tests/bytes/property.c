/* Whatever is called in whatever order: see model.h. The seeds are fixed, so a failure is the same
 * every time. */
#include <stdlib.h>

#include "core_test.h"
#include "model.h"

enum { INPUT = 400 * CALL_BYTES };

static uint64_t seeds = 60;
static uint64_t seed;

_Noreturn void model_failed(const model_home *home, size_t step, const char *what, int line) {
  fail_msg("%s, seed %llu, step %zu, line %d: %s", home->name, (unsigned long long)seed, step, line,
           what);
  abort();
}

static void fill_by_chance(uint8_t *input) {
  uint64_t random = seed * 0x9e3779b97f4a7c15U;
  for (size_t i = 0; i < INPUT; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    input[i] = (uint8_t)(random >> 32);
  }
}

static void run_home(void **state) {
  static uint8_t input[INPUT];
  for (seed = 1; seed <= seeds; seed++) {
    fill_by_chance(input);
    run_model(*state, input, sizeof input);
  }
}

/* An argument is the number of seeds for each home. */
int main(int count, char **arguments) {
  seeds = count > 1 ? strtoull(arguments[1], NULL, 10) : seeds;
  struct CMUnitTest tests[16] = {{0}};
  assert_true(model_home_count <= 16);
  for (size_t i = 0; i < model_home_count; i++) {
    tests[i] = (struct CMUnitTest){model_homes[i].name, run_home, NULL, NULL,
                                   (void *)(uintptr_t)&model_homes[i]};
  }
  return _cmocka_run_group_tests("slices against a model", tests, model_home_count, NULL, NULL);
}
