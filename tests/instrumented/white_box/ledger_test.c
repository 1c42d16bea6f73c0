/* The ledger: arenas by handle and by id, blocks by address, and what happens when there is no
 * room.
 * */
#include "ledger.h"

#include "new_entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 4096, MOST_CLOSED = 65536 };

/* Two regions as a custom source and a caller's buffer have them. Nothing is read or written here:
 * the ledger is about addresses. */
static _Alignas(16) char region[SIZE];
static _Alignas(16) char shared_region[SIZE];
static _Alignas(16) char nowhere[SIZE];

static harena__watch *open_named(const char *name, harena__arena *record) {
  memset(record, 0, sizeof *record);
  strncpy(record->name, name, sizeof record->name - 1);
  return harena__ledger_open(record, HARENA__IN_SOURCE);
}

static size_t lost(void) { return harena__ledger_measure().lost_blocks; }

/* ---- Arenas ---- */

static void an_arena_is_known_by_handle_and_by_entry(void **state) {
  (void)state;
  harena__arena one;
  harena__arena two;
  harena__watch *first = open_named("one", &one);
  harena__watch *second = open_named("two", &two);
  assert_non_null(first);
  assert_non_null(second);
  assert_int_not_equal(first->id, 0);
  assert_int_not_equal(first->id, second->id);
  assert_true(first->open && first->generation == 1 && first->home == HARENA__IN_SOURCE);
  assert_string_equal(first->name, "one");
  assert_ptr_equal(harena__ledger_watch_at(&one), first);
  assert_ptr_equal(harena__ledger_watch_at(&two), second);
  assert_null(harena__ledger_watch_at(nowhere));
  assert_ptr_equal(harena__ledger_watch_of(&(harena__entry){.arena = second->id}), second);
  assert_null(harena__ledger_watch_of(&(harena__entry){.arena = 0}));
  harena__ledger_close(first);
  harena__ledger_close(second);
}

static void the_youngest_at_a_handle_is_found_and_the_dead_are_remembered(void **state) {
  (void)state;
  harena__arena record;
  harena__watch *first = open_named("first", &record);
  harena__ledger_close(first);
  assert_ptr_equal(harena__ledger_watch_at(&record), first);
  assert_false(first->open);
  harena__watch *second = open_named("second", &record);
  assert_ptr_not_equal(second, first);
  assert_ptr_equal(harena__ledger_watch_at(&record), second);
  assert_string_equal(harena__ledger_watch_of(&(harena__entry){.arena = first->id})->name, "first");
  harena__ledger_close(second);
}

static uint32_t last_id;
static size_t out_of_order;

static void note_order(harena__watch *watch, void *context) {
  ++*(size_t *)context;
  out_of_order += watch->id <= last_id;
  last_id = watch->id;
}

static void arenas_are_listed_oldest_first(void **state) {
  (void)state;
  size_t before = harena__ledger_measure().arenas;
  harena__arena records[3];
  harena__watch *watches[3];
  for (int i = 0; i < 3; i++) {
    watches[i] = open_named("listed", &records[i]);
  }
  size_t count = 0;
  harena__ledger_each_arena(note_order, &count);
  assert_int_equal(count, before + 3);
  assert_int_equal(out_of_order, 0);
  for (int i = 0; i < 3; i++) {
    harena__ledger_close(watches[i]);
  }
}

/* An entry that still has the id of a forgotten arena must not be told as of the one in its
 * place. */
static void the_dead_are_forgotten_in_order_of_their_end(void **state) {
  (void)state;
  harena__arena record;
  harena__arena other;
  harena__watch *dead = open_named("dead", &record);
  harena__entry of_dead = {.arena = dead->id};
  harena__ledger_close(dead);
  for (size_t i = 0; i < MOST_CLOSED - 1; i++) {
    harena__ledger_close(open_named("filler", &other));
  }
  assert_ptr_equal(harena__ledger_watch_of(&of_dead), dead);
  assert_ptr_equal(harena__ledger_watch_at(&record), dead);
  for (size_t i = 0; i < MOST_CLOSED; i++) {
    harena__ledger_close(open_named("filler", &other));
  }
  assert_null(harena__ledger_watch_of(&of_dead));
  assert_null(harena__ledger_watch_at(&record));
  assert_true(harena__ledger_measure().arenas / 2 < MOST_CLOSED);
  assert_int_equal(harena__ledger_measure().lost_arenas, 0);
}

/* ---- Blocks ---- */

static harena__arena owner_record;
static harena__watch *owner;

static int open_regions(void **state) {
  (void)state;
  owner = open_named("owner", &owner_record);
  return harena__ledger_add_region(region, SIZE, false) &&
                 harena__ledger_add_region(shared_region, SIZE, true)
             ? 0
             : 1;
}

static int close_regions(void **state) {
  (void)state;
  harena__ledger_drop_region(region);
  harena__ledger_drop_region(shared_region);
  harena__ledger_close(owner);
  return 0;
}

static harena__entry *add(char *block, size_t size) {
  return harena__ledger_add(owner, block, size, 8, 1);
}

static void a_block_is_known_by_its_address(void **state) {
  (void)state;
  owner->generation = 5;
  harena__entry *entry = harena__ledger_add(owner, region + 64, 20, 16, 9);
  assert_non_null(entry);
  assert_ptr_equal(harena__unhide(entry->hidden_block), region + 64);
  assert_int_equal(entry->size, 20);
  assert_int_equal(entry->align_shift, 4);
  assert_int_equal(entry->generation, 5);
  assert_int_equal(entry->allocated, 9);
  assert_int_equal(entry->state, HARENA_LIVE);
  assert_ptr_equal(harena__ledger_watch_of(entry), owner);
  assert_ptr_equal(harena__ledger_at(region + 64), entry);
  assert_null(harena__ledger_at(region + 65));
  assert_null(harena__ledger_at(region + 72));
  assert_null(harena__ledger_at(nowhere));
}

/* A scan for references must not take the ledger for a holder. */
static void no_entry_shows_an_address(void **state) {
  (void)state;
  harena__entry *entry = add(region + 64, 20);
  uintptr_t words[sizeof *entry / sizeof(uintptr_t)];
  memcpy(words, entry, sizeof words);
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    assert_false(words[i] >= (uintptr_t)region && words[i] < (uintptr_t)(region + SIZE));
  }
}

static void an_address_is_explained_by_the_nearest_block(void **state) {
  (void)state;
  harena__entry *first = add(region + 64, 20);
  harena__entry *second = add(region + 128, 8);
  assert_ptr_equal(harena__ledger_find(region + 64), first);
  assert_ptr_equal(harena__ledger_find(region + 83), first);
  assert_ptr_equal(harena__ledger_find(region + 127), first);
  assert_ptr_equal(harena__ledger_find(region + 128), second);
  assert_ptr_equal(harena__ledger_find(region + SIZE - 1), second);
  assert_ptr_equal(harena__ledger_find(region), first);
  assert_null(harena__ledger_find(shared_region));
  assert_null(harena__ledger_find(nowhere));
}

static void a_new_block_takes_the_place_of_a_dead_one(void **state) {
  (void)state;
  harena__entry *dead = add(region + 64, 20);
  dead->state = HARENA_FREED;
  harena__entry *live = add(region + 64, 40);
  assert_ptr_equal(harena__ledger_at(region + 64), live);
  assert_int_equal(live->state, HARENA_LIVE);
  assert_int_equal(live->size, 40);
}

/* Only where memory is reused: elsewhere nothing can lie inside a new block. */
static void dead_blocks_inside_a_new_one_are_dropped(void **state) {
  (void)state;
  owner->reuses = true;
  add(region + 64, 8);
  add(region + 80, 8);
  add(region + 96, 8);
  harena__entry *wide = add(region + 64, 25);
  assert_ptr_equal(harena__ledger_find(region + 88), wide);
  assert_null(harena__ledger_at(region + 80));
  assert_non_null(harena__ledger_at(region + 96));
}

/* Each has room for one entry per granule, so a region whose blocks come and go never fills up. */
static void reuse_never_fills_a_region(void **state) {
  (void)state;
  owner->reuses = true;
  size_t before = lost();
  for (int round = 0; round < 100; round++) {
    for (size_t at = 0; at + 64 <= SIZE; at += 64) {
      add(region + at, 64);
    }
    for (size_t at = 0; at < SIZE; at += 8) {
      add(region + at, 8);
    }
  }
  assert_int_equal(lost(), before);
}

static void what_has_no_room_is_counted(void **state) {
  (void)state;
  size_t before = lost();
  assert_null(add(nowhere, 8));
  assert_int_equal(lost(), before + 1);
  size_t refused = 0;
  for (size_t at = 0; at < SIZE; at += 16) {
    refused += !add(shared_region + at, 1);
  }
  assert_true(refused > 0);
  assert_int_equal(lost(), before + 1 + refused);
}

/* A forgotten region's descriptor is the next region's. */
static void entries_in_hand_end_with_their_region(void **state) {
  (void)state;
  add(shared_region, 8);
  add(shared_region + 16, 8);
  harena__ledger_drop_region(shared_region);
  harena__ledger_leave_region(owner);
  assert_true(harena__ledger_add_region(nowhere, SIZE, true));
  harena__arena record;
  harena__watch *other = open_named("other", &record);
  for (size_t at = 0; at < 20 * (size_t)16; at += 16) {
    assert_non_null(harena__ledger_add(other, nowhere + at, 8, 8, 1));
  }
  add(nowhere + SIZE - 16, 8);
  for (size_t at = 0; at < 20 * (size_t)16; at += 16) {
    assert_ptr_equal(harena__unhide(harena__ledger_find(nowhere + at)->hidden_block), nowhere + at);
  }
  harena__ledger_close(other);
  harena__ledger_drop_region(nowhere);
}

static void note_address(harena__entry *entry, void *context) {
  char ***next = context;
  *(*next)++ = harena__unhide(entry->hidden_block);
}

static size_t list(const char *from, const char *to, char **found) {
  char **next = found;
  harena__ledger_each_block(from, to, note_address, &next);
  return (size_t)(next - found);
}

static void blocks_are_listed_in_order_of_address(void **state) {
  (void)state;
  add(region + 128, 8);
  add(region, 8);
  add(region + 64, 8);
  add(region + SIZE - 8, 8);
  char *found[8];
  assert_int_equal(list(region, region + SIZE, found), 4);
  assert_ptr_equal(found[0], region);
  assert_ptr_equal(found[1], region + 64);
  assert_ptr_equal(found[2], region + 128);
  assert_ptr_equal(found[3], region + SIZE - 8);
  assert_int_equal(list(region + 1, region + 128, found), 1);
  assert_ptr_equal(found[0], region + 64);
  assert_int_equal(list(region + 64, region + 65, found), 1);
  assert_int_equal(list(region + 64, region + 64, found), 0);
  assert_int_equal(list(region + 65, region + 128, found), 0);
  assert_int_equal(list(nowhere, nowhere + SIZE, found), 0);
}

/* ---- The tests ---- */

int main(void) {
  const struct CMUnitTest arenas[] = {
      cmocka_unit_test(an_arena_is_known_by_handle_and_by_entry),
      cmocka_unit_test(the_youngest_at_a_handle_is_found_and_the_dead_are_remembered),
      cmocka_unit_test(arenas_are_listed_oldest_first),
      cmocka_unit_test(the_dead_are_forgotten_in_order_of_their_end),
  };
#define WITH_REGIONS(test) cmocka_unit_test_setup_teardown(test, open_regions, close_regions)
  const struct CMUnitTest blocks[] = {
      WITH_REGIONS(a_block_is_known_by_its_address),
      WITH_REGIONS(no_entry_shows_an_address),
      WITH_REGIONS(an_address_is_explained_by_the_nearest_block),
      WITH_REGIONS(a_new_block_takes_the_place_of_a_dead_one),
      WITH_REGIONS(dead_blocks_inside_a_new_one_are_dropped),
      WITH_REGIONS(reuse_never_fills_a_region),
      WITH_REGIONS(what_has_no_room_is_counted),
      WITH_REGIONS(entries_in_hand_end_with_their_region),
      WITH_REGIONS(blocks_are_listed_in_order_of_address),
  };
  int failed = cmocka_run_group_tests_name("arenas", arenas, NULL, NULL);
  return failed + cmocka_run_group_tests_name("blocks", blocks, NULL, NULL);
}
