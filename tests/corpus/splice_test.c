/* What splicing may do to an input: operations stay whole and lie where the target reads them, in
 * front of them is what was there, and nothing is written beyond the room. */
#include "engine/splice.h"

#include <stdbool.h>
#include <string.h>

#include "engine/demand.h"
#include "engine/target.h"

enum {
  FRONT = SPLICED_FRONT,
  OPERATION = SPLICED_OPERATION,
  OPERATIONS = 40,
  SECOND = 101,
  SEEDS = 20000
};
enum { MOST = FRONT + 60 * OPERATION + 1, ROOM = MOST + 16, MOST_CHANGES = 4 * 3 };

const row_shape splice_shape = {FRONT, OPERATION};

typedef struct input {
  uint8_t bytes[ROOM];
  size_t size;
} input;

/* All bytes of an operation are the same. */
static void fill(input *it, size_t operations, uint8_t first) {
  memset(it->bytes, 0xee, sizeof it->bytes);
  memset(it->bytes, first - 1, FRONT);
  for (size_t i = 0; i < operations; i++) {
    memset(it->bytes + FRONT + i * OPERATION, (int)(first + i), OPERATION);
  }
  it->size = FRONT + operations * OPERATION;
}

static bool is_whole(const uint8_t *operation) {
  return memcmp(operation, operation + 1, OPERATION - 1) == 0;
}

static size_t broken_operations(const input *it) {
  size_t count = 0;
  for (size_t i = FRONT; i < it->size; i += OPERATION) {
    count += !is_whole(it->bytes + i);
  }
  return count;
}

static void check_room(const input *it) {
  demand(it->size <= MOST && it->size % OPERATION == FRONT);
  for (size_t i = MOST; i < ROOM; i++) {
    demand(it->bytes[i] == 0xee);
  }
}

static void check_mutations(void) {
  size_t fronts_changed = 0;
  size_t sizes_changed = 0;
  for (unsigned seed = 0; seed < SEEDS; seed++) {
    input it;
    size_t operations = seed % OPERATIONS;
    fill(&it, operations, 1);
    it.size = LLVMFuzzerCustomMutator(it.bytes, it.size, MOST, seed);
    check_room(&it);
    demand(broken_operations(&it) <= MOST_CHANGES);
    fronts_changed += FRONT > 0 && it.bytes[0] != 0;
    sizes_changed += it.size != FRONT + operations * OPERATION;
  }
  demand(fronts_changed < SEEDS / 8 && (FRONT == 0 || fronts_changed > SEEDS / 64));
  demand(sizes_changed > SEEDS / 4);
}

static void check_from_nothing(void) {
  for (unsigned seed = 0; seed < SEEDS; seed++) {
    input it;
    fill(&it, 0, 1);
    it.size = LLVMFuzzerCustomMutator(it.bytes, 0, MOST, seed);
    check_room(&it);
  }
}

static size_t same_operations(const input *both, const input *one) {
  size_t i = FRONT;
  while (i < both->size && i < one->size && both->bytes[i] == one->bytes[i]) {
    i += OPERATION;
  }
  return i;
}

/* The front and the first operations of one, and operations of the other behind them. */
static void check_crossings(void) {
  for (unsigned seed = 0; seed < SEEDS; seed++) {
    input one, two, both;
    fill(&one, seed % OPERATIONS, 1);
    fill(&two, seed / OPERATIONS % OPERATIONS, SECOND);
    fill(&both, 0, 201);
    both.size =
        LLVMFuzzerCustomCrossOver(one.bytes, one.size, two.bytes, two.size, both.bytes, MOST, seed);
    check_room(&both);
    demand(memcmp(both.bytes, one.bytes, FRONT) == 0);
    size_t own = same_operations(&both, &one);
    for (size_t i = own; i < both.size; i++) {
      demand(both.bytes[i] == both.bytes[own] + (i - own) / OPERATION);
      demand(both.bytes[i] >= SECOND && both.bytes[i] < SECOND + OPERATIONS);
    }
  }
}

int main(void) {
  check_mutations();
  check_from_nothing();
  check_crossings();
  return 0;
}
