/* harena as a program uses it: header inlined, library shared. */
#include "contender.h"

#include <harena/buffer.h>
#include <stdlib.h>

typedef harena arena;
typedef void *arena_alloc_function(harena *from, size_t size, size_t align);

static inline harena *arena_open(const struct run *run) {
  harena_options options = {.flags = run->flags};
  harena *opened = harena_open(&options);
  if (opened == NULL) {
    abort();
  }
  return opened;
}

static inline harena *arena_open_in(void *buffer, size_t size) {
  return harena_open_in(buffer, size, NULL);
}

static inline void arena_clear(harena *cleared) { harena_clear(cleared); }

static inline void arena_close(harena *closed) { harena_close(closed); }

static inline void *arena_alloc(harena *from, size_t size, size_t align) {
  return harena_alloc(from, size, align);
}

static inline void *arena_alloc_zeroed(harena *from, size_t size, size_t align) {
  return harena_alloc_zeroed(from, size, align);
}

/* The empty assembly makes the reference a value from elsewhere, as it is in a program: otherwise
 * the compiler proves that the epochs are equal and compares nothing. */
static inline void *arena_alloc_referenced(harena *from, size_t size, size_t align) {
  harena_ref ref = harena_ref_to(from, harena_alloc(from, size, align));
  __asm__("" : "+r"(ref.address), "+r"(ref.epoch));
  return harena_deref(from, ref);
}

/* The library's own copy. The empty assembly hides which function it is, so it stays a call. */
static inline arena_alloc_function *arena_exported_alloc(void) {
  arena_alloc_function *exported = harena_alloc;
  __asm__("" : "+r"(exported));
  return exported;
}

typedef harena_bytes arena_text;
typedef harena_buffer arena_printer;

static ALWAYS_INLINE void arena_text_append(harena *to, harena_bytes *text, const char *piece,
                                            size_t size) {
  if (size == 1) {
    harena_bytes_append_byte(to, text, *piece);
  } else {
    harena_bytes_append(to, text, piece, size);
  }
}

static inline void arena_text_end(harena_bytes *text) { (void)text; }

static inline void arena_printer_end(harena_buffer *text) { (void)text; }

static inline void arena_print(harena *to, harena_buffer *text, const char *key, int number) {
  if (text->arena == NULL) {
    harena_buffer_init(text, to);
  }
  harena_buffer_printf(text, "%s=%d;", key, number);
}

#define CONTENDER harena_passes
#include "workloads.h"
