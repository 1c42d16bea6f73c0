/* talloc's strings in a pool, which is its way to be fast. They know their size and not their
 * capacity: each append is a realloc, which grows in place what lies last in the pool. */
#include "contender.h"

#include <talloc.h>

#include <stdlib.h>

typedef void arena;

static inline arena *arena_open(const struct run *run) {
  arena *pool = talloc_pool(NULL, run->live_bytes);
  if (pool == NULL) {
    abort();
  }
  return pool;
}

static inline void arena_clear(arena *cleared) { talloc_free_children(cleared); }

static inline void arena_close(arena *closed) { talloc_free(closed); }

typedef struct arena_text {
  char *data;
} arena_text;

static ALWAYS_INLINE char *opened(arena *from, const arena_text *text) {
  return text->data != NULL ? text->data : talloc_strdup(from, "");
}

static ALWAYS_INLINE void arena_text_append(arena *to, arena_text *text, const char *piece,
                                            size_t size) {
  text->data = talloc_strndup_append_buffer(opened(to, text), piece, size);
}

static inline void arena_text_end(arena_text *text) { (void)text; }

typedef arena_text arena_printer;

static inline void arena_printer_end(arena_printer *text) { (void)text; }

static inline void arena_print(arena *to, arena_printer *text, const char *key, int number) {
  text->data = talloc_asprintf_append_buffer(opened(to, text), "%s=%d;", key, number);
}

#define CONTENDER talloc_passes
#include "text_contender.h"
