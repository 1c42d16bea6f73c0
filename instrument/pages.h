/* Memory of the watcher's own: mapped, never from the heap, so that no tool sees it and nothing
 * re-enters. */
#ifndef HARENA_INSTRUMENT_PAGES_H
#define HARENA_INSTRUMENT_PAGES_H

#include <stddef.h>

#include "range.h"

/* Zeroed memory that is not resident until touched; NULL when there is none. */
void *harena__map_pages(size_t size);

/* The same, aligned to a power of two, of which the size is a multiple. */
void *harena__map_aligned_pages(size_t size, size_t align);

void harena__unmap_pages(void *memory, size_t size);

/* Copies what is mapped at the moment to `out`, by address; returns how many ranges. Of more than
 * `capacity` mappings, or more than are remembered, the rest is left out. */
size_t harena__own_pages(harena__range *out, size_t capacity);

size_t harena__page_size(void);

#endif
