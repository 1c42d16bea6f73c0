/* sds, in the copy that hiredis exports: on the heap, each string freed by itself. */
#include "contender.h"

#include <sds.h>

typedef struct arena arena; /* there is none */

static inline arena *arena_open(const struct run *run) {
  (void)run;
  return NULL;
}

static inline void arena_clear(arena *cleared) { (void)cleared; }

static inline void arena_close(arena *closed) { (void)closed; }

typedef struct arena_text {
  sds string;
} arena_text;

static ALWAYS_INLINE sds opened(const arena_text *text) {
  return text->string != NULL ? text->string : sdsempty();
}

static ALWAYS_INLINE void arena_text_append(arena *to, arena_text *text, const char *piece,
                                            size_t size) {
  (void)to;
  text->string = sdscatlen(opened(text), piece, size);
}

static inline void arena_text_end(arena_text *text) { sdsfree(text->string); }

typedef arena_text arena_printer;

static inline void arena_printer_end(arena_printer *text) { arena_text_end(text); }

static inline void arena_print(arena *to, arena_printer *text, const char *key, int number) {
  (void)to;
  text->string = sdscatprintf(opened(text), "%s=%d;", key, number);
}

#define CONTENDER sds_passes
#include "text_contender.h"
