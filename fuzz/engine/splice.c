/* How inputs that are rows of operations change: whole operations are inserted, removed, moved and
 * exchanged with those of other inputs, so that what was good about the rest of a row stays
 * good. */
#include <string.h>

#include "target.h"

enum { OPERATION = 8, LONGEST_STRETCH = 16 };

/* Engines other than libFuzzer have none. */
#pragma weak LLVMFuzzerMutate

static uint64_t next(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state >> 11;
}

static size_t below(uint64_t *state, size_t end) { return end ? (size_t)(next(state) % end) : 0; }

static uint64_t start(unsigned seed) { return seed * UINT64_C(0x9E3779B97F4A7C15) + 1; }

/* A row of operations in a buffer that has room for `most`. */
typedef struct row {
  uint8_t *bytes;
  size_t count;
  size_t most;
} row;

static uint8_t *at(const row *it, size_t index) { return it->bytes + index * OPERATION; }

/* Makes room for as many operations as there is room for; the number of them. */
static size_t open_gap(row *it, size_t index, size_t wanted) {
  size_t count = wanted < it->most - it->count ? wanted : it->most - it->count;
  memmove(at(it, index + count), at(it, index), (it->count - index) * OPERATION);
  it->count += count;
  return count;
}

static void remove_stretch(row *it, size_t index, size_t wanted) {
  size_t count = wanted < it->count - index ? wanted : it->count - index;
  memmove(at(it, index), at(it, index + count), (it->count - index - count) * OPERATION);
  it->count -= count;
}

static void write_random(row *it, size_t index, size_t count, uint64_t *state) {
  for (size_t i = 0; i < count * OPERATION; i++) {
    at(it, index)[i] = (uint8_t)next(state);
  }
}

/* A part of the row once more, elsewhere. */
static void repeat_stretch(row *it, uint64_t *state) {
  uint8_t kept[LONGEST_STRETCH * OPERATION];
  size_t from = below(state, it->count);
  size_t count = 1 + below(state, LONGEST_STRETCH);
  count = count < it->count - from ? count : it->count - from;
  memcpy(kept, at(it, from), count * OPERATION);
  size_t to = below(state, it->count + 1);
  count = open_gap(it, to, count);
  memcpy(at(it, to), kept, count * OPERATION);
}

static void change_field(row *it, uint64_t *state) {
  uint8_t *byte = at(it, below(state, it->count)) + below(state, OPERATION);
  *byte = (uint8_t)(below(state, 2) ? next(state) : *byte ^ 1U << below(state, 8));
}

static void change_row(row *it, uint64_t *state) {
  size_t index = below(state, it->count);
  switch (it->count ? below(state, 6) : 0) {
    case 0:
      index = below(state, it->count + 1);
      write_random(it, index, open_gap(it, index, 1 + below(state, 3)), state);
      break;
    case 1:
      remove_stretch(it, index, 1 + below(state, 1 + below(state, LONGEST_STRETCH)));
      break;
    case 2:
      repeat_stretch(it, state);
      break;
    default:
      change_field(it, state);
  }
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed) {
  uint64_t state = start(seed);
  if (LLVMFuzzerMutate && below(&state, 4) == 0) {
    return LLVMFuzzerMutate(bytes, size, most);
  }
  row it = {bytes, size / OPERATION, most / OPERATION};
  for (size_t changes = 1 + below(&state, 4); changes > 0; changes--) {
    change_row(&it, &state);
  }
  return it.count * OPERATION;
}

/* The front of one row and the end of another. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
                                 size_t second_size, uint8_t *out, size_t most, unsigned seed) {
  uint64_t state = start(seed);
  size_t front = below(&state, first_size / OPERATION + 1) * OPERATION;
  size_t skipped = below(&state, second_size / OPERATION + 1) * OPERATION;
  size_t back = second_size / OPERATION * OPERATION - skipped;
  front = front < most ? front : most / OPERATION * OPERATION;
  back = back < most - front ? back : (most - front) / OPERATION * OPERATION;
  memcpy(out, first, front);
  memcpy(out + front, second + skipped, back);
  return front + back;
}
