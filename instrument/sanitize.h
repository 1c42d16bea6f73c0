/* Functions that read or write memory which a tool watches, on purpose. */
#ifndef HARENA_INSTRUMENT_SANITIZE_H
#define HARENA_INSTRUMENT_SANITIZE_H

#include <harena/compiler.h>

/* Not checked by any sanitizer, and never merged with a function that is: gcc may move a load out
 * of a function that is only noinline into its checked caller. */
#if defined(__clang__)
#define HARENA__UNCHECKED \
  __attribute__((noinline, no_sanitize("address", "memory", "thread", "undefined")))
#else
#define HARENA__UNCHECKED \
  HARENA_ATTRIBUTE(noipa, no_sanitize_address, no_sanitize_thread, no_sanitize_undefined)
#endif

/* Between these two ThreadSanitizer passes over what the calling thread reads: a sweep looks, on
 * purpose, at what other threads write. Attributes would have to be on every function that it
 * calls. */
__attribute__((weak)) void AnnotateIgnoreReadsBegin(const char *file, int line);
__attribute__((weak)) void AnnotateIgnoreReadsEnd(const char *file, int line);

static inline void harena__begin_racing(void) {
  if (AnnotateIgnoreReadsBegin) {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  }
}

static inline void harena__end_racing(void) {
  if (AnnotateIgnoreReadsEnd) {
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
}

#endif
