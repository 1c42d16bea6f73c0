/* The cage: accounting, order of retirement and reuse, bounds, threads, fork, shortage of
 * addresses. Each test runs in a process of its own, because a process has one cage. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cage.h"
#include "shadow/shadow.h"
#include "surroundings.h"

#define SLAB HARENA__SLAB_SIZE
#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)

static char *take(size_t size) {
  size_t given = size;
  char *chunk = harena__cage_source.acquire(NULL, &given, 16);
  require(!chunk || given >= size);
  require(!chunk || (uintptr_t)chunk % 16 == 0);
  return chunk;
}

/* Takes exactly `size` bytes. */
static char *take_exactly(size_t size) {
  size_t given = size;
  char *chunk = harena__cage_source.acquire(NULL, &given, 16);
  require(chunk && given == size);
  return chunk;
}

static void give(char *chunk, size_t size) { harena__cage_source.release(NULL, chunk, size); }

static void limit(size_t size, size_t quarantine) {
  surrounding_options.quarantine = quarantine;
  harena__cage_limit(size);
  harena__cage_start();
}

/* ---- Accounting ---- */

static void chunks_are_usable(void) {
  char *chunk = take_exactly(4096);
  write_byte(chunk, 1);
  write_byte(chunk + 4095, 2);
  require(read_byte(chunk) == 1 && read_byte(chunk + 4095) == 2);
  require(harena__cage_holds(chunk));
  require(harena__cage_slab(chunk) < harena__cage_slabs());
  require(harena__cage_base() + harena__cage_slab(chunk) * SLAB == chunk);
  require(!harena__cage_holds(&chunk));
  require(!harena__cage_holds(NULL));
  require(!harena__cage_holds((void *)UINTPTR_MAX));
  require(!harena__cage_holds(harena__cage_base() - 1));
  require(!harena__cage_holds(harena__cage_base() + harena__cage_slabs() * SLAB));
}

static void nothing_is_known_before_the_start(void) {
  require(!harena__cage_holds(&regions_known));
  require(!harena__cage_holds(NULL));
  require(harena__cage_measure().reserved == 0);
}

static void every_byte_is_accounted_for(void) {
  static const size_t sizes[] = {16, 48, 1008, 4096, 65536, 999984, 1 << 20};
  enum { ROUNDS = 40, KINDS = sizeof sizes / sizeof sizes[0] };
  char *chunks[ROUNDS][KINDS];
  for (int round = 0; round < ROUNDS; round++) {
    for (int kind = 0; kind < KINDS; kind++) {
      chunks[round][kind] = take_exactly(sizes[kind]);
    }
  }
  require(harena__cage_measure().slabs_live > 20);
  for (int round = 0; round < ROUNDS; round++) {
    for (int kind = 0; kind < KINDS; kind++) {
      give(chunks[round][kind], sizes[kind]);
    }
  }
  require(harena__cage_measure().live_bytes == 0);
  /* The slab that is carved from now has room left. */
  require(harena__cage_measure().slabs_live == 1);
  char *last = take_exactly(MIB);
  char *next = take_exactly(MIB);
  give(last, MIB);
  give(next, MIB);
  harena__cage_statistics end = harena__cage_measure();
  require(end.slabs_live <= 1 && end.slabs_retired > 20 && end.slabs_reused == 0);
  require(end.live_bytes == 0 && end.unprotected == 0 && end.apart == 0);
  require(end.retired_bytes == end.slabs_retired * SLAB);
}

static void neighbours_do_not_overlap(void) {
  char *first = take_exactly(48);
  char *second = take_exactly(16);
  char *third = take_exactly(4096);
  require(second == first + 48 && third == second + 16);
}

/* A slab that is full and dead goes at once, though it is the one that is carved from. */
static void a_full_dead_slab_goes_at_once(void) {
  char *first = take_exactly(MIB);
  char *second = take_exactly(MIB);
  give(first, MIB);
  require(harena__cage_measure().slabs_retired == 0);
  give(second, MIB);
  require(harena__cage_measure().slabs_retired == 1);
  require(harena__cage_measure().slabs_live == 0);
}

static void a_large_chunk_has_its_own_run(void) {
  size_t given = 5 * MIB;
  char *chunk = harena__cage_source.acquire(NULL, &given, 16);
  require(chunk && given == 3 * SLAB && harena__cage_holds(chunk));
  require(harena__cage_measure().slabs_live == 3);
  write_byte(chunk + given - 1, 1);
  give(chunk, given);
  require(harena__cage_measure().slabs_live == 0);
  require(harena__cage_measure().slabs_retired == 3);
}

/* ---- Retirement and reuse ---- */

static void the_oldest_is_reused_first(void) {
  enum { SLABS = 4 };
  limit(64 * MIB, 2 * SLAB);
  char *chunks[SLABS];
  for (int i = 0; i < SLABS; i++) {
    chunks[i] = take_exactly(SLAB);
  }
  require(regions_known == SLABS);
  give(chunks[2], SLAB);
  give(chunks[0], SLAB);
  require(regions_known == SLABS && harena__cage_measure().slabs_retired == 2);
  give(chunks[1], SLAB);
  require(region_dropped_last == chunks[2] && regions_known == SLABS - 1);
  give(chunks[3], SLAB);
  require(region_dropped_last == chunks[0]);
  require(harena__cage_measure().slabs_reused == 0);
  char *again = take_exactly(SLAB);
  require(again == chunks[0]);
  require(take_exactly(SLAB) == chunks[2]);
  require(harena__cage_measure().slabs_reused == 2);
  write_byte(again, 1);
}

static void addresses_are_not_reused_before(void) {
  limit(64 * MIB, 0);
  char *first = take_exactly(SLAB);
  give(first, SLAB);
  for (int i = 0; i < 14; i++) {
    char *next = take_exactly(SLAB);
    require(next != first);
    give(next, SLAB);
  }
  require(harena__cage_measure().slabs_reused == 0);
}

/* Whether no slab of the range is forbidden for its low half. */
static bool is_whole(void) {
  uint64_t from = (uintptr_t)harena__cage_base();
  uint64_t to = from + harena__cage_slabs() * SLAB + 16 * MIB - 1;
  return from >> 32 == to >> 32 && (from & UINT32_MAX) >= 16 * MIB;
}

static void a_full_range_reuses_before_it_goes_apart(void) {
  limit(64 * MIB, 64 * MIB);
  if (!is_whole()) {
    return;
  }
  char *first = take_exactly(MIB);
  char *second = take_exactly(MIB);
  while (harena__cage_measure().slabs_live < harena__cage_slabs()) {
    take_exactly(SLAB);
  }
  give(first, MIB);
  give(second, MIB);
  require(harena__cage_measure().slabs_retired == 1);
  require(take_exactly(SLAB) == first);
  require(harena__cage_measure().slabs_reused == 1 && harena__cage_measure().apart == 0);
}

static void a_full_range_goes_apart(void) {
  limit(16 * MIB, 4 * MIB);
  char *chunk = take_exactly(SLAB);
  while (harena__cage_holds(chunk)) {
    chunk = take_exactly(SLAB);
  }
  require(harena__cage_measure().apart == 1);
  write_byte(chunk + SLAB - 1, 1);
  char *small = take_exactly(4096);
  require(!harena__cage_holds(small) && harena__cage_measure().apart == 2);
  give(chunk, SLAB);
  require(harena__cage_measure().retired_bytes == SLAB);
  give(small, 4096);
  require(take_exactly(4096) == small + 4096);
}

static void a_huge_chunk_goes_apart(void) {
  limit(256 * MIB, 1);
  char *chunk = take(100 * MIB);
  require(chunk && !harena__cage_holds(chunk));
  write_byte(chunk, 1);
  write_byte(chunk + 100 * MIB - 1, 1);
  give(chunk, 100 * MIB);
  require(regions_known == 1 && harena__cage_measure().retired_bytes == 100 * MIB);
  char *inside = take_exactly(SLAB);
  give(inside, SLAB);
  require(region_dropped_last == chunk);
  require(harena__cage_measure().retired_bytes == SLAB);
}

static void more_than_there_is(void) {
  size_t size = (size_t)PTRDIFF_MAX - 4096;
  require(!harena__cage_source.acquire(NULL, &size, 16));
  require(size == (size_t)PTRDIFF_MAX - 4096);
  take_exactly(4096);
}

static size_t fill_range(char **chunks) {
  size_t count = 0;
  while (harena__cage_measure().slabs_live < harena__cage_slabs()) {
    chunks[count++] = take_exactly(SLAB);
  }
  return count;
}

/* Slabs that were retired one by one come back as parts of larger runs. */
static void runs_use_what_neighbours_left(void) {
  static char *chunks[128];
  limit(256 * MIB, 512 * MIB);
  if (!is_whole()) {
    return;
  }
  size_t count = fill_range(chunks);
  require(count > 100);
  for (size_t i = 0; i < count; i++) {
    give(chunks[i], SLAB);
  }
  require(harena__cage_measure().slabs_retired == count);
  require(take_exactly(2 * SLAB) == chunks[0]);
  require(harena__cage_measure().slabs_retired == count - 2);
  require(take_exactly(SLAB) == chunks[2]);
  require(take_exactly(2 * SLAB) == chunks[3]);
  require(harena__cage_measure().slabs_reused == 5 && harena__cage_measure().apart == 0);
}

/* When no neighbours are free, what waits is let go to the last one, and then a run goes apart. */
static void scattered_slabs_make_no_run(void) {
  static char *chunks[128];
  limit(256 * MIB, 512 * MIB);
  if (!is_whole()) {
    return;
  }
  size_t count = fill_range(chunks);
  for (size_t i = 0; i < count; i += 2) {
    give(chunks[i], SLAB);
  }
  require(!harena__cage_holds(take_exactly(2 * SLAB)));
  require(harena__cage_measure().slabs_retired == 0);
  require(take_exactly(SLAB) == chunks[0]);
}

/* ---- Places ---- */

static void low_halves_are_not_small(void) {
  limit(16 * GIB, 0);
  size_t crossed = 0;
  char *chunk = take_exactly(64 * MIB);
  uintptr_t before = (uintptr_t)chunk;
  for (; chunk && harena__cage_holds(chunk); chunk = take_exactly(64 * MIB)) {
    uint32_t first = (uint32_t)(uintptr_t)chunk;
    uint32_t last = (uint32_t)((uintptr_t)chunk + 64 * MIB - 1);
    require(first < last);
    require(first >= 16 * MIB && last < (uint64_t)4 * GIB - 16 * MIB);
    crossed += (uint64_t)before >> 32 != (uint64_t)(uintptr_t)chunk >> 32;
    before = (uintptr_t)chunk;
  }
  require(crossed >= 2);
}

/* ---- Threads ---- */

static bool maps_slowly(void) {
  return harena__on_valgrind() || is_tsan() || harena__shadow_msan.is_present();
}

enum { THREADS = 8, HELD = 16 };

static void *churn(void *argument) {
  unsigned seed = *(const unsigned *)argument;
  char *held[HELD] = {0};
  size_t sizes[HELD] = {0};
  int rounds = maps_slowly() ? 300 : 3000;
  for (int i = 0; i < rounds; i++) {
    size_t at = (size_t)rand_r(&seed) % HELD;
    if (held[at]) {
      require(*held[at] == (char)at);
      give(held[at], sizes[at]);
    }
    sizes[at] = (size_t)(rand_r(&seed) % 2000 + 1) * 64;
    held[at] = take_exactly(sizes[at]);
    *held[at] = (char)at;
  }
  for (size_t i = 0; i < HELD; i++) {
    if (held[i]) {
      give(held[i], sizes[i]);
    }
  }
  return NULL;
}

static void start_all(pthread_t *threads, unsigned *seeds) {
  for (unsigned i = 0; i < THREADS; i++) {
    seeds[i] = i;
    require(pthread_create(&threads[i], NULL, churn, &seeds[i]) == 0);
  }
}

static void join_all(const pthread_t *threads) {
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
}

static void threads_share_slabs(void) {
  limit(256 * MIB, 32 * MIB);
  pthread_t threads[THREADS];
  unsigned seeds[THREADS];
  start_all(threads, seeds);
  join_all(threads);
  harena__cage_statistics end = harena__cage_measure();
  require(end.live_bytes == 0 && end.slabs_live <= 1);
  require(end.slabs_reused > 0 && end.apart == 0);
}

/* ---- Mappings of others ---- */

enum { OTHERS = 30000 };
static atomic_bool stopped;

/* A hole in the cage, however short its life, may become such a mapping, and go with the hole. */
static void *map_and_keep(void *context) {
  static char *mappings[OTHERS];
  size_t count = 0;
  (void)context;
  while (!stopped && count < OTHERS) {
    char *mapping = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(mapping != MAP_FAILED);
    write_byte(mapping, 1);
    mappings[count++] = mapping;
  }
  for (size_t i = 0; i < count; i++) {
    require(*mappings[i] == 1);
  }
  return NULL;
}

static void others_mappings_stay(void) {
  enum { ROUNDS = 2000 };
  pthread_t thread;
  require(pthread_create(&thread, NULL, map_and_keep, NULL) == 0);
  for (int i = 0; i < ROUNDS; i++) {
    give(take_exactly(2 * MIB), 2 * MIB);
  }
  stopped = true;
  pthread_join(thread, NULL);
}

/* ---- Fork ---- */

static void churn_once(void) {
  unsigned seed = 99;
  churn(&seed);
}

static void children_go_on(void) {
  limit(256 * MIB, 32 * MIB);
  pthread_t threads[THREADS];
  unsigned seeds[THREADS];
  start_all(threads, seeds);
  for (int i = 0; i < 5; i++) {
    int status = in_child(churn_once);
    require(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  join_all(threads);
}

/* ---- Shortage of addresses ---- */

static void limit_address_space(rlim_t size) {
  struct rlimit bound = {size, size};
  require(setrlimit(RLIMIT_AS, &bound) == 0);
}

static void some_room_is_left(void) {
  limit_address_space((rlim_t)2 * GIB);
  char *chunk = take_exactly(4096);
  require(harena__cage_holds(chunk));
  require(harena__cage_measure().reserved <= 512 * MIB);
  void *heap = malloc(GIB);
  require(heap);
  free(heap);
}

static void without_a_range(void) {
  limit_address_space((rlim_t)200 * MIB);
  enum { CHUNKS = 1000 };
  static char *chunks[CHUNKS];
  for (int i = 0; i < CHUNKS; i++) {
    chunks[i] = take_exactly(4096);
    write_byte(chunks[i], 1);
    require(!harena__cage_holds(chunks[i]));
  }
  require(harena__cage_measure().reserved == 0);
  require(harena__cage_measure().apart <= 2);
  for (int i = 0; i < CHUNKS; i++) {
    give(chunks[i], 4096);
  }
  require(harena__cage_measure().live_bytes == 0);
}

/* What waits goes before a request is refused. */
static void quarantine_yields(void) {
  limit_address_space((rlim_t)200 * MIB);
  for (int i = 0; i < 20; i++) {
    size_t size = 30 * MIB;
    char *chunk = harena__cage_source.acquire(NULL, &size, 16);
    require(chunk);
    give(chunk, size);
  }
  size_t size = 400 * MIB;
  require(!harena__cage_source.acquire(NULL, &size, 16));
  take_exactly(4096);
}

/* Every other page of a mapping gets another protection, until there are too many mappings. */
static void use_up_mappings(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t size = page * 140000;
  char *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  require(memory != MAP_FAILED);
  for (size_t at = 0; at < size; at += 2 * page) {
    if (mprotect(memory + at, page, PROT_READ) != 0) {
      return;
    }
  }
  require(false);
}

static void too_many_mappings(void) {
  char *first = take_exactly(SLAB);
  char *second = take_exactly(SLAB);
  char *third = take_exactly(SLAB);
  write_byte(second, 1);
  use_up_mappings();
  give(second, SLAB);
  require(harena__cage_measure().unprotected == 1);
  require(read_byte(second) == 0);
  give(first, SLAB);
  give(third, SLAB);
}

/* ---- Memory ---- */

static size_t resident(void) {
  unsigned long total;
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  require(file && fscanf(file, "%lu %lu", &total, &pages) == 2);
  fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void memory_stays_flat(void) {
  int rounds = maps_slowly() ? 10000 : 1000000;
  size_t before = 0;
  for (int i = 0; i < rounds; i++) {
    if (i == rounds / 10) {
      before = resident();
    }
    char *chunk = take_exactly(4096);
    write_byte(chunk, 1);
    give(chunk, 4096);
  }
  size_t after = resident();
  require(after < before + 12 * MIB);
}

/* ---- The tests ---- */

#define TEST_IN_CHILD(body)               \
  static void test_##body(void **state) { \
    (void)state;                          \
    assert_child(body);                   \
  }

/* A limit of addresses or mappings kills a sanitizer, not us. */
#define TEST_IN_PLAIN_CHILD(body)         \
  static void test_##body(void **state) { \
    (void)state;                          \
    if (!is_plain()) {                    \
      skip();                             \
    }                                     \
    assert_child(body);                   \
  }

TEST_IN_CHILD(nothing_is_known_before_the_start)
TEST_IN_CHILD(chunks_are_usable)
TEST_IN_CHILD(every_byte_is_accounted_for)
TEST_IN_CHILD(neighbours_do_not_overlap)
TEST_IN_CHILD(a_full_dead_slab_goes_at_once)
TEST_IN_CHILD(a_large_chunk_has_its_own_run)
TEST_IN_CHILD(others_mappings_stay)
TEST_IN_CHILD(the_oldest_is_reused_first)
TEST_IN_CHILD(addresses_are_not_reused_before)
TEST_IN_CHILD(a_full_range_reuses_before_it_goes_apart)
TEST_IN_CHILD(a_full_range_goes_apart)
TEST_IN_CHILD(a_huge_chunk_goes_apart)
TEST_IN_CHILD(more_than_there_is)
TEST_IN_CHILD(runs_use_what_neighbours_left)
TEST_IN_CHILD(scattered_slabs_make_no_run)
TEST_IN_CHILD(threads_share_slabs)
TEST_IN_CHILD(children_go_on)
TEST_IN_CHILD(memory_stays_flat)
/* memcheck with origins takes minutes for the state of 16 GiB. */
static void test_low_halves_are_not_small(void **state) {
  (void)state;
  if (harena__on_valgrind()) {
    skip();
  }
  assert_child(low_halves_are_not_small);
}

TEST_IN_PLAIN_CHILD(some_room_is_left)
TEST_IN_PLAIN_CHILD(without_a_range)
TEST_IN_PLAIN_CHILD(quarantine_yields)
TEST_IN_PLAIN_CHILD(too_many_mappings)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nothing_is_known_before_the_start),
      cmocka_unit_test(test_chunks_are_usable),
      cmocka_unit_test(test_every_byte_is_accounted_for),
      cmocka_unit_test(test_neighbours_do_not_overlap),
      cmocka_unit_test(test_a_full_dead_slab_goes_at_once),
      cmocka_unit_test(test_a_large_chunk_has_its_own_run),
      cmocka_unit_test(test_others_mappings_stay),
      cmocka_unit_test(test_the_oldest_is_reused_first),
      cmocka_unit_test(test_addresses_are_not_reused_before),
      cmocka_unit_test(test_a_full_range_reuses_before_it_goes_apart),
      cmocka_unit_test(test_a_full_range_goes_apart),
      cmocka_unit_test(test_a_huge_chunk_goes_apart),
      cmocka_unit_test(test_more_than_there_is),
      cmocka_unit_test(test_runs_use_what_neighbours_left),
      cmocka_unit_test(test_scattered_slabs_make_no_run),
      cmocka_unit_test(test_low_halves_are_not_small),
      cmocka_unit_test(test_threads_share_slabs),
      cmocka_unit_test(test_children_go_on),
      cmocka_unit_test(test_memory_stays_flat),
      cmocka_unit_test(test_some_room_is_left),
      cmocka_unit_test(test_without_a_range),
      cmocka_unit_test(test_quarantine_yields),
      cmocka_unit_test(test_too_many_mappings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
