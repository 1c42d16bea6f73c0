/* Regions: from an address to its region, at the edges, when they come and go, and how long the
 * dead are remembered. */
#include "regions.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cage.h"
#include "new_entry.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static _Alignas(16) char memory[4][4 * KIB];

static harena__watch watch = {.id = 7, .generation = 1};

static const char *last_before(size_t row) {
  return (const char *)memory + row * sizeof memory[0] - 1;
}

static bool is_known(const char *address) { return harena__region_of(address) != NULL; }

static void an_address_belongs_to_its_region(void **state) {
  (void)state;
  assert_true(harena__ledger_add_region(memory[1], sizeof memory[1], false));
  assert_true(harena__ledger_add_region(memory[2], sizeof memory[2], true));
  harena__region *first = harena__region_of(memory[1]);
  harena__region *second = harena__region_of(memory[2]);
  assert_non_null(first);
  assert_non_null(second);
  assert_ptr_not_equal(first, second);
  assert_ptr_equal(harena__region_of(last_before(2)), first);
  assert_ptr_equal(harena__region_of(last_before(3)), second);
  assert_false(is_known(last_before(1)));
  assert_false(is_known(memory[3]));
  assert_false(is_known(NULL));
  assert_int_equal(first->shift, 3);
  assert_int_equal(second->shift, 4);
  harena__ledger_drop_region(memory[1]);
  assert_false(is_known(memory[1]));
  assert_ptr_equal(harena__region_of(memory[2]), second);
  harena__ledger_drop_region(memory[2]);
  assert_false(is_known(memory[2]));
}

/* The region found last is remembered; its descriptor is the first to be used again. */
static void a_descriptor_that_is_used_again_is_not_the_old_region(void **state) {
  (void)state;
  assert_true(harena__ledger_add_region(memory[0], sizeof memory[0], false));
  harena__region *before = harena__region_of(memory[0]);
  harena__ledger_drop_region(memory[0]);
  assert_true(harena__ledger_add_region(memory[2], sizeof memory[2], false));
  assert_ptr_equal(harena__region_of(memory[2]), before);
  assert_false(is_known(memory[0]));
  harena__ledger_drop_region(memory[2]);
}

static void only_the_start_names_a_region(void **state) {
  (void)state;
  assert_true(harena__ledger_add_region(memory[0], sizeof memory[0], false));
  harena__ledger_drop_region(memory[0] + 8);
  harena__ledger_retire_region(memory[0] + 8);
  harena__ledger_drop_region(memory[1]);
  assert_true(is_known(memory[0]));
  harena__ledger_drop_region(memory[0]);
}

static void coming_and_going_takes_nothing(void **state) {
  (void)state;
  size_t before = harena__regions_bytes();
  for (int i = 0; i < 3000; i++) {
    assert_true(harena__ledger_add_region(memory[i % 3], sizeof memory[0], false));
    assert_true(harena__regions_bytes() > before);
    harena__ledger_drop_region(memory[i % 3]);
  }
  assert_int_equal(harena__regions_bytes(), before);
}

/* ---- Dead regions ---- */

static void a_retired_region_still_explains(void **state) {
  (void)state;
  assert_true(harena__ledger_add_region(memory[0], sizeof memory[0], false));
  harena__entry *entry = harena__ledger_add(&watch, memory[0] + 8, 20, 8, 1);
  harena__ledger_retire_region(memory[0]);
  assert_ptr_equal(harena__ledger_find(memory[0] + 10), entry);
  harena__ledger_drop_region(memory[0]);
  assert_null(harena__ledger_find(memory[0] + 10));
}

enum { LARGE_REGIONS = 6 };

/* Each counts 16 MiB, for its index alone in huge pages: four are what may be kept. */
static void the_oldest_dead_regions_are_forgotten(void **state) {
  (void)state;
  if (sizeof(void *) == 4) {
    skip();
  }
  size_t size = 56 * MIB;
  char *range = mmap(NULL, size * LARGE_REGIONS, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  assert_true(range != MAP_FAILED);
  size_t before = harena__regions_bytes();
  for (size_t i = 0; i < LARGE_REGIONS; i++) {
    assert_true(harena__ledger_add_region(range + i * size, size, true));
  }
  for (size_t i = 0; i < LARGE_REGIONS; i++) {
    harena__ledger_retire_region(range + i * size);
  }
  for (size_t i = 0; i < LARGE_REGIONS; i++) {
    assert_int_equal(is_known(range + i * size), i >= 2);
  }
  for (size_t i = 2; i < LARGE_REGIONS; i++) {
    harena__ledger_drop_region(range + i * size);
  }
  assert_int_equal(harena__regions_bytes(), before);
  munmap(range, size * LARGE_REGIONS);
}

/* Dropped from the middle, from the end and from the front of the queue of the dead. */
static void the_dead_may_be_dropped_in_any_order(void **state) {
  (void)state;
  static const int orders[][3] = {{1, 2, 0}, {0, 1, 2}, {2, 1, 0}};
  for (size_t order = 0; order < sizeof orders / sizeof orders[0]; order++) {
    for (int i = 0; i < 3; i++) {
      assert_true(harena__ledger_add_region(memory[i], sizeof memory[i], false));
      harena__ledger_retire_region(memory[i]);
    }
    for (int i = 0; i < 3; i++) {
      harena__ledger_drop_region(memory[orders[order][i]]);
      assert_false(is_known(memory[orders[order][i]]));
    }
  }
}

/* ---- In the cage ---- */

static void a_chunk_of_the_cage_is_known_before_it_is_handed_out(void **state) {
  (void)state;
  size_t size = 3 * HARENA__SLAB_SIZE;
  char *chunk = harena__cage_source.acquire(NULL, &size, 16);
  assert_non_null(chunk);
  assert_true(harena__cage_holds(chunk));
  harena__region *region = harena__region_of(chunk);
  assert_non_null(region);
  assert_ptr_equal(harena__region_of(chunk + size - 1), region);
  harena__entry *first = harena__ledger_add(&watch, chunk, 40, 8, 1);
  harena__entry *last = harena__ledger_add(&watch, chunk + size - 16, 16, 8, 1);
  assert_ptr_equal(harena__ledger_find(chunk + 39), first);
  assert_ptr_equal(harena__ledger_find(chunk + size - 1), last);
  assert_ptr_equal(harena__ledger_find(chunk + size - 17), first);
  harena__cage_source.release(NULL, chunk, size);
  assert_ptr_equal(harena__ledger_find(chunk + 39), first);
}

/* ---- Threads ---- */

static atomic_bool stop;

static void *come_and_go(void *unused) {
  while (!atomic_load(&stop)) {
    harena__ledger_add_region(memory[1], sizeof memory[1], false);
    harena__ledger_drop_region(memory[1]);
  }
  return unused;
}

static void others_are_found_meanwhile(void **state) {
  (void)state;
  assert_true(harena__ledger_add_region(memory[0], sizeof memory[0], false));
  harena__region *region = harena__region_of(memory[0]);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, come_and_go, NULL), 0);
  size_t wrong = 0;
  for (int i = 0; i < 20000; i++) {
    wrong += harena__region_of(memory[0] + i % 4096) != region;
    wrong += is_known(memory[2]);
  }
  atomic_store(&stop, true);
  pthread_join(thread, NULL);
  assert_int_equal(wrong, 0);
  harena__ledger_drop_region(memory[0]);
}

/* A copy of an entry never reads tables that are gone; without the lock one run in three faults. */
static void copies_are_whole_while_regions_go(void **state) {
  (void)state;
  atomic_store(&stop, false);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, come_and_go, NULL), 0);
  size_t found = 0;
  for (int i = 0; i < 200000; i++) {
    harena__entry entry;
    found += harena__ledger_copy(memory[1] + sizeof memory[1] - 1, &entry);
  }
  atomic_store(&stop, true);
  pthread_join(thread, NULL);
  assert_int_equal(found, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_address_belongs_to_its_region),
      cmocka_unit_test(a_descriptor_that_is_used_again_is_not_the_old_region),
      cmocka_unit_test(only_the_start_names_a_region),
      cmocka_unit_test(coming_and_going_takes_nothing),
      cmocka_unit_test(a_retired_region_still_explains),
      cmocka_unit_test(the_oldest_dead_regions_are_forgotten),
      cmocka_unit_test(the_dead_may_be_dropped_in_any_order),
      cmocka_unit_test(a_chunk_of_the_cage_is_known_before_it_is_handed_out),
      cmocka_unit_test(others_are_found_meanwhile),
      cmocka_unit_test(copies_are_whole_while_regions_go),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
