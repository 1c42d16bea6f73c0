/* Reading memory that another thread may unmap meanwhile. */
#ifndef HARENA_INSTRUMENT_MEMORY_H
#define HARENA_INSTRUMENT_MEMORY_H

#include <stddef.h>

#include "range.h"

/* Copies up to `size` bytes at `from` to `out`; returns how many there were before the first that
 * cannot be read. Never faults. */
size_t harena__copy_memory(void *out, uintptr_t from, size_t size);

/* The word at `slot`, of any alignment; false when it cannot be read. */
bool harena__copy_word(uintptr_t slot, uintptr_t *out);

/* Calls `each` for the parts of a range that are resident: what was never touched holds no
 * pointers, and reading it would cost a page of memory. */
void harena__each_present(harena__range range, void (*each)(harena__range part, void *context),
                          void *context);

#endif
