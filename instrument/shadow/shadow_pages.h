/* Pages of ASan's shadow, for ranges that are too large to write.
 *
 * The shadow of retired slabs, left as it is, would keep an eighth of all addresses ever used
 * resident. Given back, it would read as "not poisoned", and a stale access would be a plain
 * SEGV without our words. So a file of poison bytes is mapped over it, privately: it takes no
 * memory, and can be written again as ever. */
#ifndef HARENA_INSTRUMENT_SHADOW_PAGES_H
#define HARENA_INSTRUMENT_SHADOW_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, before the first use: makes forked children able to go on. */
void harena__shadow_pages_start(void);

/* Makes [place, place + size) of the shadow, whole pages, read as poison or as clean. False when
 * the system has no file or no mapping left: then some of it may be done, and the rest is as it
 * was. */
bool harena__map_shadow(uintptr_t place, size_t size, bool poisoned);

/* Moves whole pages of the shadow, contents and all, from one place to another; the old one reads
 * as clean. False when nothing happened. */
bool harena__move_shadow(uintptr_t from, uintptr_t to, size_t size);

/* Makes the pages of [place, place + size) resident, for writing all of them. */
void harena__fill_shadow_pages(uintptr_t place, size_t size);

#endif
