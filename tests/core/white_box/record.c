/* The invariants of src/record.h after each operation of programs of chance. */
#include <stdlib.h>

#include "core_test.h"
#include "model/play.h"
#include "record_check.h"

/* A call that is refused while cleanups run is a finding as well. */
const char *harena_default_options(void) { return "halt_on_error=0:escape=off"; }

enum { FIRST_SEED = 100001, OPERATIONS = 500 };

static uint64_t programs = 60;

static uint64_t next(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state >> 11;
}

static void play_program(uint64_t seed) {
  static uint8_t bytes[OPERATIONS * OPERATION_BYTES];
  uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] = (uint8_t)next(&state);
  }
  play(bytes, sizeof bytes, NULL, check_record);
}

static void the_record_is_sound_after_every_operation(void **state) {
  (void)state;
  for (uint64_t i = 0; i < programs; i++) {
    play_program(FIRST_SEED + i);
  }
}

/* An argument is the number of programs. */
int main(int count, char **arguments) {
  programs = count > 1 ? strtoull(arguments[1], NULL, 10) : programs;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_record_is_sound_after_every_operation),
  };
  return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
