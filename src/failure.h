/* Shortage is a result, misuse is a panic. */
#ifndef HARENA_SRC_FAILURE_H
#define HARENA_SRC_FAILURE_H

#include "record.h"
#include "why.h"

/* Sets errno for `status`. */
void harena__set_errno(harena_status status);

/* A call failed: remembers the status, sets errno, and panics if the arena asks for that. `size` is
 * what was asked for. Returns NULL, so that callers can return the call. */
void *harena__fail(harena__arena *arena, harena_status status, size_t size);

/* Formats a message for the panic handler; aborts when the handler returns. */
_Noreturn void harena__panic(const char *format, ...) HARENA_ATTRIBUTE(format(printf, 1, 2), cold);

/* Whether a program has installed a panic handler of its own. */
bool harena__panics_are_handled(void);

/* Reports a misuse through the seam, then panics with a message that names the arena and the
 * value. */
_Noreturn void harena__misuse_panic(const harena__arena *arena, harena__misuse why,
                                    const void *address) HARENA_ATTRIBUTE(cold);

#endif
