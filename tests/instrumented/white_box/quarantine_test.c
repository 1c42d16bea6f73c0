/* When addresses come back into use: after a sweep that has found nobody pointing there, or when
 * the quarantine is full. Options are the tests' own: quarantine=16m, that is eight slabs, of which
 * six wait before a sweep is asked. */
#include <harena.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cage.h"
#include "escape/escape.h"

enum { ROUNDS = 60, BLOCK = 1900000 };

static void ignore_report(const char *text, void *context) {
  (void)text;
  (void)context;
}

/* One slab is used, dies and waits. */
static size_t use_a_slab(void) {
  harena *arena = harena_open(NULL);
  char *block = harena_alloc(arena, BLOCK, 8);
  assert_non_null(block);
  memset(block, 1, 64);
  size_t slab = harena__cage_slab(block);
  harena_close(arena);
  return slab;
}

static size_t rounds_in_slab(size_t slab) {
  size_t count = 0;
  for (int i = 0; i < ROUNDS; i++) {
    count += use_a_slab() == slab;
  }
  return count;
}

/* Most slabs: a frame that is dead to everyone but a sweep may keep one from coming back. */
static void what_nobody_points_to_comes_back_after_a_sweep(void **state) {
  (void)state;
  harena__cage_statistics before = harena__cage_measure();
  rounds_in_slab(0);
  harena__cage_statistics after = harena__cage_measure();
  assert_true(after.slabs_reused - before.slabs_reused > ROUNDS / 2);
  assert_true(after.evicted_swept - before.evicted_swept > ROUNDS / 2);
  assert_int_equal(after.evicted_forced, before.evicted_forced);
}

/* A sweep judges what has come until then, so there are fewer of them than slabs. */
static void sweeps_are_few(void **state) {
  (void)state;
  size_t before = harena__escape_measure().sweeps;
  rounds_in_slab(0);
  assert_in_range(harena__escape_measure().sweeps - before, 1, ROUNDS / 4);
}

static char *volatile kept; /* a write that no compiler leaves out */

/* The number of a dead slab that `kept` points into. */
static size_t point_into_dead_slab(void) {
  harena *arena = harena_open(NULL);
  kept = harena_alloc(arena, BLOCK, 8);
  harena_close(arena);
  return harena__cage_slab(kept);
}

static void what_is_pointed_to_waits(void **state) {
  (void)state;
  harena__cage_statistics before = harena__cage_measure();
  size_t slab = point_into_dead_slab();
  assert_int_equal(rounds_in_slab(slab), 0);
  harena__cage_statistics after = harena__cage_measure();
  assert_true(after.kept_waiting - before.kept_waiting > 2);
  assert_true(after.evicted_swept - before.evicted_swept > ROUNDS / 2);
  assert_int_equal(after.evicted_forced, before.evicted_forced);
  kept = NULL;
  assert_true(rounds_in_slab(slab) > 0);
}

/* Without sweeps only the bound is left. */
static void a_full_quarantine_forces_addresses_back(void **state) {
  (void)state;
  harena__cage_statistics before = harena__cage_measure();
  size_t slab = point_into_dead_slab();
  assert_true(rounds_in_slab(slab) > 0);
  harena__cage_statistics after = harena__cage_measure();
  assert_true(after.evicted_forced - before.evicted_forced > ROUNDS / 2);
  assert_int_equal(after.evicted_swept, before.evicted_swept);
}

/* No address that waits could make room for it. */
static void what_nobody_can_have_evicts_nothing(void **state) {
  (void)state;
  use_a_slab();
  size_t waiting = harena__cage_measure().retired_bytes;
  assert_true(waiting > 0);
  harena *arena = harena_open(NULL);
  volatile size_t size = PTRDIFF_MAX / 4;
  assert_null(harena_alloc(arena, size, 8));
  harena_close(arena);
  assert_true(harena__cage_measure().retired_bytes >= waiting);
}

int main(int count, char **arguments) {
  const struct CMUnitTest swept[] = {
      cmocka_unit_test(what_nobody_points_to_comes_back_after_a_sweep),
      cmocka_unit_test(sweeps_are_few),
      cmocka_unit_test(what_nobody_can_have_evicts_nothing),
      cmocka_unit_test(what_is_pointed_to_waits),
  };
  const struct CMUnitTest forced[] = {
      cmocka_unit_test(a_full_quarantine_forces_addresses_back),
  };
  harena_set_report_callback(ignore_report, NULL);
  if (count == 2 && strcmp(arguments[1], "forced") == 0) {
    return cmocka_run_group_tests(forced, NULL, NULL);
  }
  return cmocka_run_group_tests(swept, NULL, NULL);
}
