/* The reference: a bump allocator as one would write it in place for a workload, and no more.
 *
 * Cursor and end sit in the arena's struct, the cursor is kept 8-aligned, chunks are kept over a
 * clear, nothing is zeroed and nothing is counted. Serving a constant size is seven instructions:
 * load, load, subtract, compare, branch, add, store. Every ratio in this folder is against it. */
#ifndef BENCH_HAND_H
#define BENCH_HAND_H

#include <stddef.h>
#include <stdint.h>

#define HAND_LIKELY(condition) __builtin_expect(!!(condition), 1)

typedef struct hand_chunk {
  struct hand_chunk *next;
  char *end;
} hand_chunk;

typedef struct hand {
  char *cursor;
  char *limit;
  hand_chunk *current;
  hand_chunk *first; /* NULL when the memory is the caller's */
} hand;

hand *hand_open(size_t first_chunk_size);
hand *hand_open_in(void *buffer, size_t size);
void hand_close(hand *arena);

/* The slow path: serves `size` bytes, a multiple of 8, from the next chunk. */
__attribute__((cold, noinline)) void *hand_refill(hand *arena, size_t size, size_t align);

/* The inline allocation behind a call, to compare calls with calls. */
__attribute__((noinline)) void *hand_alloc_called(hand *arena, size_t size, size_t align);

/* Compares the size before rounding: cursor and limit are multiples of 8, so what fits unrounded
 * also fits rounded, and no size can overflow. */
static inline void *hand_alloc8(hand *arena, size_t size) {
  char *block = arena->cursor;
  size_t room = (size_t)(arena->limit - block);
  if (!HAND_LIKELY(size <= room)) {
    return hand_refill(arena, size, 8);
  }
  arena->cursor = block + ((size + 7) & ~(size_t)7);
  return block;
}

/* Limits are multiples of 16, so an aligned cursor never passes one. */
static inline void *hand_alloc16(hand *arena, size_t size) {
  char *block = (char *)(((uintptr_t)arena->cursor + 15) & ~(uintptr_t)15);
  size_t room = (size_t)(arena->limit - block);
  if (!HAND_LIKELY(size <= room)) {
    return hand_refill(arena, size, 16);
  }
  arena->cursor = block + ((size + 7) & ~(size_t)7);
  return block;
}

static inline void hand_clear(hand *arena) {
  if (arena->first == NULL) {
    arena->cursor = (char *)(arena + 1);
    return;
  }
  arena->current = arena->first;
  arena->cursor = (char *)(arena->first + 1);
  arena->limit = arena->first->end;
}

#endif
