/* glibc's malloc used as programs use it: every block is remembered and freed one by one. */
#include "contender.h"

#include <stdlib.h>

typedef struct arena {
  size_t count;
  void *blocks[];
} arena;
typedef void *arena_alloc_function(arena *from, size_t size, size_t align);

static inline arena *arena_open(const struct run *run) {
  arena *opened = malloc(sizeof *opened + run->live_blocks * sizeof(void *));
  if (opened == NULL) {
    abort();
  }
  opened->count = 0;
  return opened;
}

/* malloc has no use for a caller's buffer. */
static inline arena *arena_open_in(void *buffer, size_t size) {
  (void)buffer, (void)size;
  return arena_open(&(struct run){.live_blocks = OPEN_BLOCKS});
}

static inline void arena_clear(arena *cleared) {
  for (size_t i = 0; i < cleared->count; i++) {
    free(cleared->blocks[i]);
  }
  cleared->count = 0;
}

static inline void arena_close(arena *closed) {
  arena_clear(closed);
  free(closed);
}

static inline void *arena_alloc(arena *from, size_t size, size_t align) {
  (void)align;
  return from->blocks[from->count++] = malloc(size);
}

static inline void *arena_alloc_zeroed(arena *from, size_t size, size_t align) {
  (void)align;
  return from->blocks[from->count++] = calloc(1, size);
}

static inline void *arena_alloc_referenced(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

static void *alloc_called(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

static inline arena_alloc_function *arena_exported_alloc(void) { return alloc_called; }

#include "plain_text.h"

static void text_grow(arena *from, arena_text *text, size_t capacity) {
  (void)from;
  text->data = realloc(text->data, capacity);
  if (text->data == NULL) {
    abort();
  }
  text->capacity = capacity;
}

static inline void arena_text_end(arena_text *text) { free(text->data); }

#define CONTENDER malloc_passes
#include "workloads.h"
