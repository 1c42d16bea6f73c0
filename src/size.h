/* All arithmetic on sizes and addresses that could wrap. Ranges are checked before computing. */
#ifndef HARENA_SRC_SIZE_H
#define HARENA_SRC_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HARENA__GRANULE = 8 };

#define HARENA__MAX_ALIGN ((size_t)1 << 30)
#define HARENA__MAX_SIZE ((size_t)PTRDIFF_MAX)

static inline size_t harena__min(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t harena__max(size_t a, size_t b) { return a > b ? a : b; }

static inline bool harena__is_align(size_t align) {
  return align != 0 && align <= HARENA__MAX_ALIGN && (align & (align - 1)) == 0;
}

/* For sizes up to HARENA__MAX_SIZE. */
static inline size_t harena__round_up(size_t size) {
  return (size + HARENA__GRANULE - 1) & ~(size_t)(HARENA__GRANULE - 1);
}

static inline size_t harena__round_down(size_t size) {
  return size & ~(size_t)(HARENA__GRANULE - 1);
}

/* a + b, or SIZE_MAX when that would wrap. */
static inline size_t harena__sum(size_t a, size_t b) { return a > SIZE_MAX - b ? SIZE_MAX : a + b; }

/* The bytes from `address` up to the next multiple of `align`. */
static inline size_t harena__padding(const char *address, size_t align) {
  return (size_t)(-(uintptr_t)address & (align - 1));
}

static inline size_t harena__distance(const char *from, const char *to) {
  return (size_t)(to - from);
}

/* Whether `address` lies in the `size` bytes at `start`; compares integers, so any address will
 * do. */
static inline bool harena__within(const void *start, size_t size, const void *address) {
  return (uintptr_t)address - (uintptr_t)start < size;
}

#endif
