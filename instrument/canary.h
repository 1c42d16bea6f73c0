/* Bytes that nobody should write: redzones and dead memory, filled and checked where no tool
 * watches them.
 *
 * Dead memory is filled with addresses in the tomb, an inaccessible range, so that following a
 * pointer read from it faults, and the faulting address tells that it was so. */
#ifndef HARENA_INSTRUMENT_CANARY_H
#define HARENA_INSTRUMENT_CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "redzone_words.h"

/* Reserves the tomb; 256 MiB of addresses, or nothing when there are none. */
void harena__tomb_start(void);

/* Whether an address lies in the tomb, and the generation its word was written for (modulo its
 * size). */
bool harena__tomb_holds(const void *address);
uint32_t harena__tomb_generation(const void *address);

/* Fills [from, from + size) as a redzone, or as dead memory of a generation. Inline stores, no
 * memset: memory that a tool watches must not be touched through an interceptor. */
void harena__fill_redzone(char *from, size_t size);
void harena__fill_dead(char *from, size_t size, uint64_t generation);

/* The same with zeroes, of whole words. */
void harena__fill_zero(char *from, size_t size);

/* The first byte that is not what was filled in, or NULL. */
const char *harena__check_redzone(const char *from, size_t size);
const char *harena__check_dead(const char *from, size_t size, uint64_t generation);

#endif
