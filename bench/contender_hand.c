/* The reference bump allocator. It does not zero, so the zeroed rows show what zeroing costs; its
 * references are plain pointers, so the reference rows show what checking costs. */
#include "contender.h"
#include "hand.h"

#include <stdbool.h>

enum { LARGEST_FIRST_CHUNK = 1 << 20 };

typedef hand arena;
typedef void *arena_alloc_function(arena *from, size_t size, size_t align);

/* Written for its workload: the first chunk holds all of it, up to 1 MiB. */
static inline arena *arena_open(const struct run *run) {
  size_t known = run->live_bytes < LARGEST_FIRST_CHUNK ? run->live_bytes : LARGEST_FIRST_CHUNK;
  return hand_open(4096 + known);
}

static inline arena *arena_open_in(void *buffer, size_t size) { return hand_open_in(buffer, size); }

static inline void arena_clear(arena *cleared) { hand_clear(cleared); }

static inline void arena_close(arena *closed) { hand_close(closed); }

static inline void *arena_alloc(arena *from, size_t size, size_t align) {
  return align > 8 ? hand_alloc16(from, size) : hand_alloc8(from, size);
}

static inline void *arena_alloc_zeroed(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

static inline void *arena_alloc_referenced(arena *from, size_t size, size_t align) {
  return arena_alloc(from, size, align);
}

/* The empty assembly hides which function it is, so that the call stays a call. */
static inline arena_alloc_function *arena_exported_alloc(void) {
  arena_alloc_function *exported = hand_alloc_called;
  __asm__("" : "+r"(exported));
  return exported;
}

#include "plain_text.h"

/* Where it is when it lies last, as in harena. */
static void text_grow(arena *from, arena_text *text, size_t capacity) {
  size_t rounded = (capacity + 7) & ~(size_t)7;
  bool lies_last = text->data != NULL && text->data + text->capacity == from->cursor;
  if (lies_last && rounded <= (size_t)(from->limit - text->data)) {
    from->cursor = text->data + rounded;
  } else {
    char *place = hand_alloc8(from, rounded);
    if (text->length > 0) {
      memcpy(place, text->data, text->length);
    }
    text->data = place;
  }
  text->capacity = rounded;
}

static inline void arena_text_end(arena_text *text) { (void)text; }

#define CONTENDER hand_passes
#include "workloads.h"
