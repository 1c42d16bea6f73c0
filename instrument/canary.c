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

/* Bytes up to the first aligned word. */
static size_t head_of(const char *from, size_t size) {
  size_t head = (size_t)(-(uintptr_t)from & (sizeof(uint64_t) - 1));
  return head < size ? head : size;
}

/* Volatile stores, so that no compiler makes a memset of them, which a tool would intercept. */
HARENA__UNCHECKED void harena__fill_redzone(char *from, size_t size) {
  size_t i = 0;
  for (size_t head = head_of(from, size); i < head; i++) {
    ((volatile unsigned char *)from)[i] = redzone_byte;
  }
  for (; i + sizeof redzone_word <= size; i += sizeof redzone_word) {
    *(volatile uint64_t *)(void *)(from + i) = redzone_word;
  }
  for (; i < size; i++) {
    ((volatile unsigned char *)from)[i] = redzone_byte;
  }
}

/* The words tell that all is well; which byte is not is found out byte by byte. */
HARENA__UNCHECKED static bool is_intact(const char *from, size_t size) {
  unsigned char difference = 0;
  size_t i = 0;
  for (size_t head = head_of(from, size); i < head; i++) {
    difference |= ((const volatile unsigned char *)from)[i] ^ redzone_byte;
  }
  uint64_t words = 0;
  for (; i + sizeof redzone_word <= size; i += sizeof redzone_word) {
    words |= *(const volatile uint64_t *)(const void *)(from + i) ^ redzone_word;
  }
  for (; i < size; i++) {
    difference |= ((const volatile unsigned char *)from)[i] ^ redzone_byte;
  }
  return difference == 0 && words == 0;
}

HARENA__UNCHECKED const char *harena__check_redzone(const char *from, size_t size) {
  if (HARENA_LIKELY(is_intact(from, size))) {
    return NULL;
  }
  size_t i = 0;
  while (((const volatile unsigned char *)from)[i] == redzone_byte) {
    i++;
  }
  return from + i;
}

HARENA__UNCHECKED void harena__fill_dead(char *from, size_t size, uint64_t generation) {
  uint64_t word = dead_word(generation);
  for (size_t i = 0; i + sizeof word <= size; i += sizeof word) {
    *(volatile uint64_t *)(void *)(from + i) = word;
  }
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
  for (size_t i = 0; i + sizeof word <= size; i += sizeof word) {
    if (*(const volatile uint64_t *)(const void *)(from + i) != word) {
      return first_difference(from + i, word);
    }
  }
  return NULL;
}
