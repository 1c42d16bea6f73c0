#include "operation.h"

#include <stdio.h>

/* How often each kind comes up, out of 256. */
static const uint8_t weights[OPERATION_KINDS] = {
    [DO_ALLOC] = 60, [DO_ALLOC_ZEROED] = 24, [DO_ALLOC_BETWEEN] = 8, [DO_COPY] = 12,
    [DO_FREE] = 40,  [DO_REALLOC] = 36,      [DO_SAVE] = 12,         [DO_REWIND] = 7,
    [DO_SCOPE] = 8,  [DO_DEFER] = 8,         [DO_CLEAR] = 5,         [DO_CLOSE] = 4,
    [DO_OPEN] = 14,  [DO_TRIM] = 3,          [DO_LIMIT] = 8,         [DO_MISUSE] = 3,
    [DO_FAULT] = 4,
};

/* The first arena gets most of the work, so that it comes to something. */
static const uint8_t slots[16] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 0};

enum { LARGE = 4096, BEYOND = 65536 - 64 };

static operation_kind kind_of_byte(uint8_t byte) {
  unsigned kind = 0;
  for (unsigned left = byte; kind < OPERATION_KINDS - 1 && left >= weights[kind]; kind++) {
    left -= weights[kind];
  }
  return (operation_kind)kind;
}

size_t size_of_bytes(uint16_t bytes) {
  size_t number = bytes >> 3;
  switch (bytes & 7) {
    case 5:
      return number;
    case 6:
      return number * 16;
    case 7:
      return bytes >= BEYOND ? SIZE_MAX - (number & 3) * (SIZE_MAX / 4) - number % 32 : number * 48;
    default:
      return number % 200;
  }
}

/* 0 is no alignment, and neither is what is no power of two or over 1 GiB. */
static size_t align_of_byte(uint8_t byte) {
  if (byte >= 253) {
    return byte == 253 ? 0 : byte == 254 ? 24 : (size_t)1 << 31;
  }
  return byte < 192 ? (size_t)1 << (byte & 3) : (size_t)1 << (byte % 14);
}

static size_t within_budget(size_t size, operation_budget *budget) {
  if (size > PTRDIFF_MAX / 4) {
    return size;
  }
  if (size >= LARGE && size > budget->bytes) {
    size %= LARGE;
  }
  budget->bytes -= size < budget->bytes ? size : budget->bytes;
  return size;
}

static uint16_t pair(const uint8_t *bytes) { return (uint16_t)(bytes[0] | bytes[1] << 8); }

operation read_operation(const uint8_t *bytes, operation_budget *budget) {
  operation it = {
      .kind = kind_of_byte(bytes[0]),
      .slot = slots[bytes[1] & 15],
      .which = bytes[1] >> 4,
      .choice = bytes[7],
      .align = align_of_byte(bytes[6]),
      .first = pair(bytes + 2),
      .second = pair(bytes + 4),
  };
  it.size = within_budget(size_of_bytes(it.first), budget);
  return it;
}

void print_operation(size_t step, const operation *it) {
  static const char *const names[OPERATION_KINDS] = {
      "alloc", "alloc_zeroed", "alloc_between", "copy",   "free",  "realloc",
      "save",  "rewind",       "scope",         "defer",  "clear", "close",
      "open",  "trim",         "limit",         "misuse", "fault",
  };
  fprintf(stderr, "%zu: %s arena %u, size %zu, align %zu, which %u, choice %u, second %u\n", step,
          names[it->kind], it->slot, it->size, it->align, it->which, it->choice, it->second);
}
