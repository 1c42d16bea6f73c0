/* No allocator at all: a pointer walks over a mapping that is large enough. What remains is the
 * cost of touching the memory, which nobody can beat. */
#define _GNU_SOURCE
#include "contender.h"

#include <harena/arena.h>
#include <stdlib.h>
#include <sys/mman.h>

typedef struct arena {
  char *cursor, *start;
  size_t size;
} arena;
typedef void *arena_alloc_function(arena *from, size_t size, size_t align);

static inline arena *arena_open(const struct run *run) {
  arena *opened = malloc(sizeof *opened);
  if (opened == NULL) {
    abort();
  }
  opened->size = run->live_bytes;
  opened->start =
      mmap(NULL, opened->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (opened->start == MAP_FAILED) {
    abort();
  }
  if (run->flags & HARENA_HUGE_PAGES) {
    madvise(opened->start, opened->size, MADV_HUGEPAGE);
  }
  opened->cursor = opened->start;
  return opened;
}

/* Nobody compares with touching a caller's buffer. */
static inline arena *arena_open_in(void *buffer, size_t size) {
  (void)buffer;
  return arena_open(&(struct run){.live_bytes = size});
}

static inline void arena_clear(arena *cleared) { cleared->cursor = cleared->start; }

static inline void arena_close(arena *closed) {
  munmap(closed->start, closed->size);
  free(closed);
}

static inline void *arena_alloc(arena *from, size_t size, size_t align) {
  char *block = (char *)(((uintptr_t)from->cursor + align - 1) & ~(uintptr_t)(align - 1));
  from->cursor = block + ((size + 7) & ~(size_t)7);
  return block;
}

static inline void *arena_alloc_zeroed(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

static inline void *arena_alloc_referenced(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

static void *alloc_called(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

static inline arena_alloc_function *arena_exported_alloc(void) { return alloc_called; }

#include "plain_text.h"

/* As if all of it had been there. */
static void text_grow(arena *from, arena_text *text, size_t capacity) {
  text->data = text->data != NULL ? text->data : from->cursor;
  text->capacity = capacity;
}

static inline void arena_text_end(arena_text *text) { (void)text; }

#define CONTENDER touch_passes
#include "workloads.h"
