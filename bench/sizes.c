/* The sizes that the workloads ask for: fixed by rule, so that every run does the same work. */
#include "contender.h"

uint16_t request_sizes[REQUEST_SIZES];
uint16_t profile_sizes[PROFILE_SIZES];
uint16_t profile_positions[PROFILE_SIZES];

/* 8 to 511 B, evenly over six octaves and evenly within each: many small, few large, mean 126 B.
 * 200 of them, about 25 KB, are a request. */
static void make_request_sizes(void) {
  uint64_t random = 1;
  for (size_t i = 0; i < REQUEST_SIZES; i++) {
    uint64_t octave = 8U << (next_random(&random) >> 32) % 6;
    request_sizes[i] = (uint16_t)(octave + (next_random(&random) >> 32) % octave);
  }
}

/* The profile of the benchmark of github.com/storozhukBM/allocator: 64 sizes, 483,440 bytes
 * together, mean 7,553.75. The library draws them evenly from a range with Go's random generator.
 * This is not its table but one with the same count and sum by rule: 88, 325, 562, ... 15,019 in
 * steps of 237, 16 more for the first, in an order that jumps (37 is prime to 64). As there, a
 * block is written at its front and at one other place. */
static void make_profile_sizes(void) {
  for (size_t i = 0; i < PROFILE_SIZES; i++) {
    size_t size = 88 + 237 * (i * 37 % PROFILE_SIZES) + (i == 0 ? 16 : 0);
    profile_sizes[i] = (uint16_t)size;
    profile_positions[i] = (uint16_t)(size * (i * 29 % PROFILE_SIZES) / PROFILE_SIZES);
  }
}

void make_size_tables(void) {
  make_request_sizes();
  make_profile_sizes();
}
