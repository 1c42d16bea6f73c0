#include "canary.h"

#include <string.h>
#include <sys/mman.h>

#include "sanitize.h"

static const size_t tomb_size = (size_t)256 << 20;

static char *tomb;

void harena__tomb_start(void) {
  void *range =
      mmap(NULL, tomb_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  tomb = range == MAP_FAILED ? NULL : range;
}

bool harena__tomb_holds(const void *address) {
  return tomb && (uintptr_t)address - (uintptr_t)tomb < tomb_size;
}

/* One page per generation, so that a member of a struct that is reached through a tomb word still
 * faults in the page of its generation. */
enum { TOMB_PAGE_SHIFT = 12 };

uint32_t harena__tomb_generation(const void *address) {
  return (uint32_t)(((uintptr_t)address - (uintptr_t)tomb) >> TOMB_PAGE_SHIFT);
}

static uint64_t dead_word(uint64_t generation) {
  uintptr_t offset = (uintptr_t)(generation << TOMB_PAGE_SHIFT) & (tomb_size - 1);
  return tomb ? (uintptr_t)tomb + offset + sizeof(void *) * 16 : 0xdbdbdbdbdbdbdbdbULL;
}

/* ---- Redzones ---- */

HARENA__UNCHECKED void harena__fill_redzone(char *from, size_t size) {
  harena__fill_as_redzone(from, size);
}

HARENA__UNCHECKED const char *harena__check_redzone(const char *from, size_t size) {
  if (HARENA_LIKELY(harena__difference_in_redzone(from, size) == 0)) {
    return NULL;
  }
  size_t i = 0;
  while (((const volatile unsigned char *)from)[i] == harena__redzone_byte) {
    i++;
  }
  return from + i;
}

/* ---- Dead memory ---- */

typedef volatile harena__word_pair memory_pair;

/* Whole ranges are filled and checked, so sixteen words at a time. */
enum { STRIDE = 8 * sizeof(harena__word_pair) };

static inline HARENA_ATTRIBUTE(always_inline) void fill_words(char *from, size_t size,
                                                              uint64_t word) {
  harena__word_pair pair = {word, word};
  size_t i = 0;
  for (; i + STRIDE <= size; i += STRIDE) {
    memory_pair *pairs = (memory_pair *)(void *)(from + i);
    pairs[0] = pair;
    pairs[1] = pair;
    pairs[2] = pair;
    pairs[3] = pair;
    pairs[4] = pair;
    pairs[5] = pair;
    pairs[6] = pair;
    pairs[7] = pair;
  }
  for (; i + sizeof word <= size; i += sizeof word) {
    *(volatile uint64_t *)(void *)(from + i) = word;
  }
}

HARENA__UNCHECKED void harena__fill_dead(char *from, size_t size, uint64_t generation) {
  fill_words(from, size, dead_word(generation));
}

HARENA__UNCHECKED void harena__fill_zero(char *from, size_t size) { fill_words(from, size, 0); }

/* Adds the bits in which four pairs differ from what they should be. By pointers: how vectors are
 * passed and returned depends on the processor that is compiled for. */
static inline HARENA_ATTRIBUTE(always_inline) void add_difference(
    harena__word_pair *difference, const memory_pair *pairs, const harena__word_pair *expected) {
  *difference |= (pairs[0] ^ *expected) | (pairs[1] ^ *expected) | (pairs[2] ^ *expected) |
                 (pairs[3] ^ *expected);
}

static inline HARENA_ATTRIBUTE(always_inline) bool is_stride_of(const char *from,
                                                                const harena__word_pair *expected) {
  const memory_pair *pairs = (const memory_pair *)(const void *)from;
  harena__word_pair difference = {0, 0};
  add_difference(&difference, pairs, expected);
  add_difference(&difference, pairs + 4, expected);
  return (difference[0] | difference[1]) == 0;
}

/* The first byte of a word that differs; the bytes of an odd tail were not filled. */
static const char *first_difference(const char *place, uint64_t word) {
  const char *expected = (const char *)&word;
  size_t i = 0;
  while (i < sizeof word - 1 && ((const volatile char *)place)[i] == expected[i]) {
    i++;
  }
  return place + i;
}

HARENA__UNCHECKED const char *harena__check_dead(const char *from, size_t size,
                                                 uint64_t generation) {
  uint64_t word = dead_word(generation);
  harena__word_pair pair = {word, word};
  size_t i = 0;
  while (i + STRIDE <= size && is_stride_of(from + i, &pair)) {
    i += STRIDE;
  }
  for (; i + sizeof word <= size; i += sizeof word) {
    if (*(const volatile uint64_t *)(const void *)(from + i) != word) {
      return first_difference(from + i, word);
    }
  }
  return NULL;
}
