/* Redzones as words. Part of canary.c; in place, because each block is filled around and looked at.
 *
 * Words are volatile, so that no compiler makes a memset of many stores, which a tool would
 * intercept. */
#ifndef HARENA_INSTRUMENT_REDZONE_WORDS_H
#define HARENA_INSTRUMENT_REDZONE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sanitize.h"

static const unsigned char harena__redzone_byte = 0xa5;
static const uint64_t harena__redzone_word = 0xa5a5a5a5a5a5a5a5ULL;

typedef uint64_t harena__word_pair __attribute__((vector_size(16), aligned(8), may_alias));
typedef volatile harena__word_pair harena__any_pair __attribute__((aligned(1)));
typedef volatile uint64_t harena__any_word __attribute__((aligned(1), may_alias));

/* Between the first and the last of four pairs that may overlap, and from these to the two others.
 *
 * Up to four pairs are written, or looked at, without a branch on the size: where sizes vary, the
 * end of a loop would be guessed wrong for every other block, which costs more than all the rest.
 */
enum { HARENA__FOUR_PAIRS_APART = 3 * sizeof(harena__word_pair) };

static inline size_t harena__pair_step(const char *first, const char *last) {
  size_t distance = (size_t)(last - first);
  return distance < sizeof(harena__word_pair) ? distance : sizeof(harena__word_pair);
}

static inline HARENA_ATTRIBUTE(always_inline) void harena__fill_bytes(char *from, size_t size) {
  for (size_t i = 0; i < size; i++) {
    ((volatile unsigned char *)from)[i] = harena__redzone_byte;
  }
}

static inline HARENA_ATTRIBUTE(always_inline) void harena__fill_as_redzone(char *from,
                                                                           size_t size) {
  const harena__word_pair pair = {harena__redzone_word, harena__redzone_word};
  if (!HARENA_LIKELY(size >= sizeof pair)) {
    harena__fill_bytes(from, size);
    return;
  }
  char *last = from + size - sizeof pair;
  for (; last - from > HARENA__FOUR_PAIRS_APART; from += sizeof pair) {
    *(harena__any_pair *)from = pair;
  }
  size_t step = harena__pair_step(from, last);
  *(harena__any_pair *)from = pair;
  *(harena__any_pair *)(from + step) = pair;
  *(harena__any_pair *)(last - step) = pair;
  *(harena__any_pair *)last = pair;
}

/* The bits that differ; which byte that is, is found out byte by byte. */
static inline HARENA_ATTRIBUTE(always_inline) uint64_t
    harena__difference_in_bytes(const char *from, size_t size) {
  uint64_t difference = 0;
  for (size_t i = 0; i < size; i++) {
    difference |= ((const volatile unsigned char *)from)[i] ^ harena__redzone_byte;
  }
  return difference;
}

static inline HARENA_ATTRIBUTE(always_inline) uint64_t
    harena__difference_in_redzone(const char *from, size_t size) {
  const harena__word_pair pair = {harena__redzone_word, harena__redzone_word};
  if (!HARENA_LIKELY(size >= sizeof pair)) {
    return harena__difference_in_bytes(from, size);
  }
  const char *last = from + size - sizeof pair;
  harena__word_pair difference = {0, 0};
  for (; last - from > HARENA__FOUR_PAIRS_APART; from += sizeof pair) {
    difference |= *(const harena__any_pair *)from ^ pair;
  }
  size_t step = harena__pair_step(from, last);
  difference |= *(const harena__any_pair *)from ^ pair;
  difference |= *(const harena__any_pair *)(from + step) ^ pair;
  difference |= *(const harena__any_pair *)(last - step) ^ pair;
  difference |= *(const harena__any_pair *)last ^ pair;
  return difference[0] | difference[1];
}

/* Both redzones of a block at once: `before` bytes before it, which are a word or less, and `size`
 * from `behind` on. */
HARENA__UNCHECKED_INLINE void harena__fill_redzones(char *block, size_t before, char *behind,
                                                    size_t size) {
  if (HARENA_LIKELY(before == sizeof(uint64_t))) {
    *(harena__any_word *)(block - sizeof(uint64_t)) = harena__redzone_word;
  } else {
    harena__fill_bytes(block - before, before);
  }
  harena__fill_as_redzone(behind, size);
}

/* Whether both redzones are as they were filled. */
HARENA__UNCHECKED_INLINE bool harena__redzones_hold(const char *block, size_t before,
                                                    const char *behind, size_t size) {
  uint64_t difference = harena__difference_in_redzone(behind, size);
  if (HARENA_LIKELY(before == sizeof difference)) {
    difference |= *(const harena__any_word *)(block - before) ^ harena__redzone_word;
  } else {
    difference |= harena__difference_in_bytes(block - before, before);
  }
  return difference == 0;
}

#endif
