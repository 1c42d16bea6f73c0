#include "hand.h"

#include <stdlib.h>

enum { LARGEST_CHUNK = 4 << 20 };

static size_t round_up_16(size_t size) { return (size + 15) & ~(size_t)15; }

static hand_chunk *new_chunk(size_t size) {
  size = round_up_16(size);
  hand_chunk *chunk = malloc(size);
  if (chunk == NULL) {
    abort();
  }
  chunk->next = NULL;
  chunk->end = (char *)chunk + size;
  return chunk;
}

static void enter_chunk(hand *arena, hand_chunk *chunk) {
  arena->current = chunk;
  arena->cursor = (char *)(chunk + 1);
  arena->limit = chunk->end;
}

hand *hand_open(size_t first_chunk_size) {
  hand *arena = malloc(sizeof *arena);
  if (arena == NULL) {
    abort();
  }
  arena->first = new_chunk(first_chunk_size);
  enter_chunk(arena, arena->first);
  return arena;
}

hand *hand_open_in(void *buffer, size_t size) {
  hand *arena = buffer;
  arena->first = arena->current = NULL;
  arena->cursor = (char *)(arena + 1);
  arena->limit = (char *)buffer + (size & ~(size_t)15);
  return arena;
}

void hand_close(hand *arena) {
  if (arena->first == NULL) {
    return;
  }
  for (hand_chunk *chunk = arena->first, *next; chunk != NULL; chunk = next) {
    next = chunk->next;
    free(chunk);
  }
  free(arena);
}

static size_t doubled_size(const hand_chunk *chunk) {
  size_t size = 2 * (size_t)(chunk->end - (const char *)chunk);
  return size < LARGEST_CHUNK ? size : LARGEST_CHUNK;
}

static int fits(const hand_chunk *chunk, size_t size) {
  return chunk != NULL && size <= (size_t)(chunk->end - (const char *)(chunk + 1));
}

void *hand_refill(hand *arena, size_t size, size_t align) {
  if (arena->current == NULL || size > PTRDIFF_MAX - LARGEST_CHUNK) {
    return NULL;
  }
  if (!fits(arena->current->next, size)) {
    size_t needed = size + sizeof(hand_chunk), preferred = doubled_size(arena->current);
    hand_chunk *chunk = new_chunk(needed > preferred ? needed : preferred);
    chunk->next = arena->current->next;
    arena->current->next = chunk;
  }
  enter_chunk(arena, arena->current->next);
  return align > 8 ? hand_alloc16(arena, size) : hand_alloc8(arena, size);
}

void *hand_alloc_called(hand *arena, size_t size, size_t align) {
  return align > 8 ? hand_alloc16(arena, size) : hand_alloc8(arena, size);
}
