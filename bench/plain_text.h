/* A growing string as one would write it in place: pointer, length, capacity. For contenders that
 * have none of their own; they define text_grow() after including this. */
#ifndef BENCH_PLAIN_TEXT_H
#define BENCH_PLAIN_TEXT_H

#include <stdio.h>
#include <string.h>

typedef struct arena_text {
  char *data;
  size_t length, capacity;
} arena_text;

/* Gives the string at least this capacity, where it is or elsewhere. */
static void text_grow(arena *from, arena_text *text, size_t capacity);

static __attribute__((cold, noinline)) void text_make_room(arena *from, arena_text *text,
                                                           size_t size) {
  size_t doubled = 2 * text->capacity > 16 ? 2 * text->capacity : 16;
  text_grow(from, text, doubled > text->length + size ? doubled : text->length + size);
}

static ALWAYS_INLINE void arena_text_append(arena *from, arena_text *text, const char *piece,
                                            size_t size) {
  if (__builtin_expect(size > text->capacity - text->length, 0)) {
    text_make_room(from, text, size);
  }
  memcpy(text->data + text->length, piece, size);
  text->length += size;
}

/* A buffer that is large enough from the start: snprintf and nothing else. */
typedef arena_text arena_printer;

static inline void arena_text_end(arena_text *text);
static inline void arena_printer_end(arena_printer *text) { arena_text_end(text); }

static inline void arena_print(arena *from, arena_printer *text, const char *key, int number) {
  if (text->capacity == 0) {
    text_grow(from, text, PRINTED_BYTES);
  }
  text->length += (size_t)snprintf(text->data + text->length, text->capacity - text->length,
                                   "%s=%d;", key, number);
}

#endif
