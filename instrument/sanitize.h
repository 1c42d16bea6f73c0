/* Functions that read or write memory which a tool watches, on purpose. */
#ifndef HARENA_INSTRUMENT_SANITIZE_H
#define HARENA_INSTRUMENT_SANITIZE_H

#include <harena/compiler.h>

#if defined(__has_feature)
#define HARENA__HAS_FEATURE(name) __has_feature(name)
#else
#define HARENA__HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                   \
    HARENA__HAS_FEATURE(address_sanitizer) || HARENA__HAS_FEATURE(memory_sanitizer) || \
    HARENA__HAS_FEATURE(thread_sanitizer) || HARENA__HAS_FEATURE(undefined_behavior_sanitizer)
#define HARENA__IS_SANITIZED 1
#else
#define HARENA__IS_SANITIZED 0
#endif

/* Not checked by any sanitizer, and never merged with a function that is: gcc may move a load out
 * of a function that is only noinline into its checked caller. Without a sanitizer there is nothing
 * to keep apart; whether gcc's for undefined behaviour is there cannot be asked. */
#if defined(__clang__) && HARENA__IS_SANITIZED
#define HARENA__UNCHECKED \
  __attribute__((noinline, no_sanitize("address", "memory", "thread", "undefined")))
#elif HARENA__IS_SANITIZED
#define HARENA__UNCHECKED \
  HARENA_ATTRIBUTE(noipa, no_sanitize_address, no_sanitize_thread, no_sanitize_undefined)
#elif defined(__clang__)
#define HARENA__UNCHECKED
#else
#define HARENA__UNCHECKED HARENA_ATTRIBUTE(no_sanitize_undefined)
#endif

/* The same in a header, in place where that can be. */
#if HARENA__IS_SANITIZED
#define HARENA__UNCHECKED_INLINE HARENA_ATTRIBUTE(unused) HARENA__UNCHECKED static
#else
#define HARENA__UNCHECKED_INLINE HARENA__UNCHECKED static inline
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
