#include "splice.h"

#include <string.h>

#include "target.h"

enum { LARGEST_OPERATION = 8, LONGEST_STRETCH = 16 };

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

static size_t bytes_of(size_t operations) { return operations * splice_shape.operation; }

static size_t operations_in(size_t size) {
  return size < splice_shape.front ? 0 : (size - splice_shape.front) / splice_shape.operation;
}

static uint8_t *at(const row *it, size_t index) { return it->bytes + bytes_of(index); }

/* Makes room for as many operations as there is room for; the number of them. */
static size_t open_gap(row *it, size_t index, size_t wanted) {
  size_t count = wanted < it->most - it->count ? wanted : it->most - it->count;
  memmove(at(it, index + count), at(it, index), bytes_of(it->count - index));
  it->count += count;
  return count;
}

static void remove_stretch(row *it, size_t index, size_t wanted) {
  size_t count = wanted < it->count - index ? wanted : it->count - index;
  memmove(at(it, index), at(it, index + count), bytes_of(it->count - index - count));
  it->count -= count;
}

static void write_random(row *it, size_t index, size_t count, uint64_t *state) {
  for (size_t i = 0; i < bytes_of(count); i++) {
    at(it, index)[i] = (uint8_t)next(state);
  }
}

/* A part of the row once more, elsewhere. */
static void repeat_stretch(row *it, uint64_t *state) {
  uint8_t kept[LONGEST_STRETCH * LARGEST_OPERATION];
  size_t from = below(state, it->count);
  size_t count = 1 + below(state, LONGEST_STRETCH);
  count = count < it->count - from ? count : it->count - from;
  memcpy(kept, at(it, from), bytes_of(count));
  size_t to = below(state, it->count + 1);
  count = open_gap(it, to, count);
  memcpy(at(it, to), kept, bytes_of(count));
}

static void change_field(row *it, uint64_t *state) {
  uint8_t *byte = at(it, below(state, it->count)) + below(state, splice_shape.operation);
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

/* Seldom, as everything behind it means something else then. */
static void change_front(uint8_t *bytes, size_t size, uint64_t *state) {
  for (size_t i = 0; i < splice_shape.front; i++) {
    if (i >= size || below(state, 16) == 0) {
      bytes[i] = (uint8_t)next(state);
    }
  }
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed) {
  uint64_t state = start(seed);
  if (most < splice_shape.front || (LLVMFuzzerMutate && below(&state, 4) == 0)) {
    return LLVMFuzzerMutate ? LLVMFuzzerMutate(bytes, size, most) : size;
  }
  change_front(bytes, size, &state);
  row it = {bytes + splice_shape.front, operations_in(size), operations_in(most)};
  for (size_t changes = 1 + below(&state, 4); changes > 0; changes--) {
    change_row(&it, &state);
  }
  return splice_shape.front + bytes_of(it.count);
}

/* The front of one row and the end of another. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
                                 size_t second_size, uint8_t *out, size_t most, unsigned seed) {
  uint64_t state = start(seed);
  size_t front = splice_shape.front;
  if (first_size < front || second_size < front || most < front) {
    return 0;
  }
  size_t room = operations_in(most);
  size_t count = below(&state, operations_in(first_size) + 1);
  count = count < room ? count : room;
  size_t skipped = below(&state, operations_in(second_size) + 1);
  size_t more = operations_in(second_size) - skipped;
  more = more < room - count ? more : room - count;
  size_t taken = front + bytes_of(count);
  memcpy(out, first, taken);
  memcpy(out + taken, second + front + bytes_of(skipped), bytes_of(more));
  return taken + bytes_of(more);
}
