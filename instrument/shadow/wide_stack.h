/* A stack with room for a report: a handler may run on 8192 bytes, half of which the kernel takes. */
#ifndef HARENA_INSTRUMENT_WIDE_STACK_H
#define HARENA_INSTRUMENT_WIDE_STACK_H

#include <stdbool.h>
#include <stddef.h>

enum { HARENA__WIDE_STACK = 64 << 10 };

/* Calls `body` on a stack of HARENA__WIDE_STACK bytes that is there for this call, with all signals
 * blocked. False, and nothing was called, when there is none to be had. For signal handlers; takes a
 * few hundred bytes of the present stack. */
bool harena__call_on_wide_stack(void (*body)(void *context), void *context);

#endif
