/* A table of references whose arena is cleared now and then: each user asks whether its object
 * still lives. */
#include <stdint.h>

#include "correct.h"

enum { SLOTS = 50, ROUNDS = 2000 };

typedef struct object {
  uint32_t number;
  uint32_t touched;
} object;

typedef struct table {
  harena *arena;
  harena_ref slots[SLOTS];
} table;

static void make(table *it, uint32_t number) {
  object *made = harena_new(it->arena, object);
  REQUIRE(made);
  *made = (object){.number = number};
  it->slots[number % SLOTS] = harena_ref_to(it->arena, made);
}

static bool touch(table *it, uint32_t slot) {
  object *found = harena_try_deref(it->arena, it->slots[slot]);
  if (!found) {
    it->slots[slot] = (harena_ref){NULL, 0};
    return false;
  }
  REQUIRE(found->number % SLOTS == slot);
  found->touched++;
  return true;
}

static uint32_t count_live(table *it) {
  uint32_t live = 0;
  for (uint32_t slot = 0; slot < SLOTS; slot++) {
    live += touch(it, slot);
  }
  return live;
}

/* References made before a mark outlive the rewind to it. */
static void rewind_some(table *it) {
  uint32_t before = count_live(it);
  harena_mark mark = harena_save(it->arena);
  harena_ref slots[SLOTS];
  for (uint32_t i = 0; i < SLOTS; i++) {
    slots[i] = it->slots[i];
  }
  for (uint32_t i = 0; i < SLOTS; i++) {
    make(it, i);
  }
  REQUIRE(count_live(it) == SLOTS);
  harena_rewind(it->arena, mark);
  REQUIRE(count_live(it) == 0);
  for (uint32_t i = 0; i < SLOTS; i++) {
    it->slots[i] = slots[i];
  }
  REQUIRE(count_live(it) == before);
}

void correct_handles(void) {
  table it = {.arena = harena_open(&(harena_options){.name = "objects"})};
  for (uint32_t round = 0; round < ROUNDS; round++) {
    make(&it, round * 7);
    if (round % 10 == 0) {
      (void)count_live(&it);
    }
    if (round % 301 == 300) {
      rewind_some(&it);
    }
    if (round % 97 == 96) {
      harena_clear(it.arena);
      REQUIRE(count_live(&it) == 0);
    }
  }
  object *kept = harena_deref(it.arena, it.slots[(ROUNDS - 1) * 7 % SLOTS]);
  REQUIRE(kept->number == (ROUNDS - 1) * 7);
  harena_close(it.arena);
}
