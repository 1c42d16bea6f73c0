/* Poison for ASan's shadow that takes no memory.
 *
 * The shadow of retired slabs, left as it is, would keep an eighth of all addresses ever used
 * resident. Given back, it would read as "not poisoned", and a stale access would be a plain SEGV
 * without our words. So a file of poison bytes is mapped over it, privately: it can be written
 * again as ever. */
#ifndef HARENA_INSTRUMENT_POISON_FILE_H
#define HARENA_INSTRUMENT_POISON_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes [place, place + size) of the shadow, whole pages, read as poison. False when the system
 * has no file or no mapping left: then some of it may be done, and the rest is as it was. */
bool harena__map_poison(uintptr_t place, size_t size);

#endif
