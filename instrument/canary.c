#include "canary.h"

#include <string.h>
#include <sys/mman.h>

#include "sanitize.h"

static const size_t tomb_size = (size_t)256 << 20;
static const unsigned char redzone_byte = 0xa5;
static const uint64_t redzone_word = 0xa5a5a5a5a5a5a5a5ULL;

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

/* Memory is looked at in words and pairs of them. Volatile, so that no compiler makes a memset of
 * many stores, which a tool would intercept. */
typedef uint64_t word_pair __attribute__((vector_size(16), aligned(8), may_alias));
typedef volatile word_pair memory_pair;
typedef volatile word_pair any_pair __attribute__((aligned(1)));
typedef volatile uint64_t any_word __attribute__((aligned(1), may_alias));

/* ---- Redzones ---- */

/* The last word, or pair, ends with the redzone and may overlap the one before. */
static inline HARENA_ATTRIBUTE(always_inline) void fill_few(char *from, size_t size) {
  if (size >= sizeof redzone_word) {
    *(any_word *)from = redzone_word;
    *(any_word *)(from + size - sizeof redzone_word) = redzone_word;
    return;
  }
  for (size_t i = 0; i < size; i++) {
    ((volatile unsigned char *)from)[i] = redzone_byte;
  }
}

static inline HARENA_ATTRIBUTE(always_inline) void fill_as_redzone(char *from, size_t size) {
  static const word_pair pair = {redzone_word, redzone_word};
  if (size < sizeof pair) {
    fill_few(from, size);
    return;
  }
  char *last = from + size - sizeof pair;
  for (; from < last; from += sizeof pair) {
    *(any_pair *)from = pair;
  }
  *(any_pair *)last = pair;
}

HARENA__UNCHECKED void harena__fill_redzone(char *from, size_t size) {
  fill_as_redzone(from, size);
}

HARENA__UNCHECKED void harena__fill_redzones(char *block, size_t before, char *behind,
                                             size_t size) {
  fill_few(block - before, before);
  fill_as_redzone(behind, size);
}

/* The bits that differ; which byte that is, is found out byte by byte. */
static inline HARENA_ATTRIBUTE(always_inline) uint64_t
    difference_in_few(const char *from, size_t size) {
  uint64_t difference = 0;
  if (size >= sizeof redzone_word) {
    difference |= *(const any_word *)from ^ redzone_word;
    return difference | (*(const any_word *)(from + size - sizeof redzone_word) ^ redzone_word);
  }
  for (size_t i = 0; i < size; i++) {
    difference |= ((const volatile unsigned char *)from)[i] ^ redzone_byte;
  }
  return difference;
}

static inline HARENA_ATTRIBUTE(always_inline) uint64_t
    difference_in_redzone(const char *from, size_t size) {
  static const word_pair pair = {redzone_word, redzone_word};
  if (size < sizeof pair) {
    return difference_in_few(from, size);
  }
  const char *last = from + size - sizeof pair;
  word_pair difference = *(const any_pair *)last ^ pair;
  for (; from < last; from += sizeof pair) {
    difference |= *(const any_pair *)from ^ pair;
  }
  return difference[0] | difference[1];
}

HARENA__UNCHECKED bool harena__redzones_hold(const char *block, size_t before, const char *behind,
                                             size_t size) {
  return (difference_in_few(block - before, before) | difference_in_redzone(behind, size)) == 0;
}

HARENA__UNCHECKED const char *harena__check_redzone(const char *from, size_t size) {
  if (HARENA_LIKELY(difference_in_redzone(from, size) == 0)) {
    return NULL;
  }
  size_t i = 0;
  while (((const volatile unsigned char *)from)[i] == redzone_byte) {
    i++;
  }
  return from + i;
}

/* ---- Dead memory ---- */

/* Whole ranges are filled and checked, so sixteen words at a time. */
enum { STRIDE = 8 * sizeof(word_pair) };

static inline HARENA_ATTRIBUTE(always_inline) void fill_words(char *from, size_t size,
                                                              uint64_t word) {
  word_pair pair = {word, word};
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
static inline HARENA_ATTRIBUTE(always_inline) void add_difference(word_pair *difference,
                                                                  const memory_pair *pairs,
                                                                  const word_pair *expected) {
  *difference |= (pairs[0] ^ *expected) | (pairs[1] ^ *expected) | (pairs[2] ^ *expected) |
                 (pairs[3] ^ *expected);
}

static inline HARENA_ATTRIBUTE(always_inline) bool is_stride_of(const char *from,
                                                                const word_pair *expected) {
  const memory_pair *pairs = (const memory_pair *)(const void *)from;
  word_pair difference = {0, 0};
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
  word_pair pair = {word, word};
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
