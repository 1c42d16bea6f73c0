/* glibc's obstack, whose last object can grow. */
#define _GNU_SOURCE
#include "contender.h"

#include <obstack.h>
#include <stdio.h>
#include <stdlib.h>

/* obstack_grow() is a macro that mixes int and size_t. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

typedef struct arena {
  struct obstack objects;
  void *first; /* what a clear goes back to */
} arena;

static inline arena *arena_open(const struct run *run) {
  (void)run;
  arena *opened = malloc(sizeof *opened);
  if (opened == NULL) {
    abort();
  }
  obstack_init(&opened->objects);
  opened->first = obstack_alloc(&opened->objects, 1);
  return opened;
}

/* The text is finished here, where a program would do it. */
static inline void arena_clear(arena *cleared) {
  obstack_finish(&cleared->objects);
  obstack_free(&cleared->objects, cleared->first);
  cleared->first = obstack_alloc(&cleared->objects, 1);
}

static inline void arena_close(arena *closed) {
  obstack_free(&closed->objects, NULL);
  free(closed);
}

/* The obstack itself holds the object that grows. */
typedef struct arena_text {
  char nothing;
} arena_text;

static ALWAYS_INLINE void arena_text_append(arena *to, arena_text *text, const char *piece,
                                            size_t size) {
  (void)text;
  if (size == 1) {
    obstack_1grow(&to->objects, *piece);
  } else {
    obstack_grow(&to->objects, piece, (int)size);
  }
}

static inline void arena_text_end(arena_text *text) { (void)text; }

typedef arena_text arena_printer;

static inline void arena_printer_end(arena_printer *text) { (void)text; }

static inline void arena_print(arena *to, arena_printer *text, const char *key, int number) {
  (void)text;
  obstack_printf(&to->objects, "%s=%d;", key, number);
}

#define CONTENDER obstack_passes
#include "text_contender.h"
