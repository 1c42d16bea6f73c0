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

#endif
