/* GLib's GString: on the heap, each string freed by itself. */
#include "contender.h"

#include <glib.h>

typedef struct arena arena; /* there is none */

static inline arena *arena_open(const struct run *run) {
  (void)run;
  return NULL;
}

static inline void arena_clear(arena *cleared) { (void)cleared; }

static inline void arena_close(arena *closed) { (void)closed; }

typedef struct arena_text {
  GString *string;
} arena_text;

static ALWAYS_INLINE GString *opened(arena_text *text) {
  if (text->string == NULL) {
    text->string = g_string_new(NULL);
  }
  return text->string;
}

static ALWAYS_INLINE void arena_text_append(arena *to, arena_text *text, const char *piece,
                                            size_t size) {
  (void)to;
  if (size == 1) {
    g_string_append_c(opened(text), *piece);
  } else {
    g_string_append_len(opened(text), piece, (gssize)size);
  }
}

static inline void arena_text_end(arena_text *text) { g_string_free(text->string, TRUE); }

typedef arena_text arena_printer;

static inline void arena_printer_end(arena_printer *text) { arena_text_end(text); }

static inline void arena_print(arena *to, arena_printer *text, const char *key, int number) {
  (void)to;
  g_string_append_printf(opened(text), "%s=%d;", key, number);
}

#define CONTENDER gstring_passes
#include "text_contender.h"
