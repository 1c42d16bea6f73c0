/* Pointer variables that the program has told us of. */
#ifndef HARENA_INSTRUMENT_REGISTERED_H
#define HARENA_INSTRUMENT_REGISTERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All are thread-safe. The functions behind harena_track() and so on. */
bool harena__register_slot(uintptr_t slot);
bool harena__allow_slot(uintptr_t slot);
void harena__forget_slot(uintptr_t slot);

/* Whether a slot may dangle. */
bool harena__is_allowed(uintptr_t slot);

/* Copies the registered slots to `out`, hidden as the scanner must not see them; how many. */
size_t harena__registered_slots(uintptr_t *hidden_out, size_t capacity);
size_t harena__registered_count(void);

#endif
