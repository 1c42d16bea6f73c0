/* Memory of the watcher's own: mapped, never from the heap, so that no tool sees it and nothing
 * re-enters. */
#ifndef HARENA_INSTRUMENT_PAGES_H
#define HARENA_INSTRUMENT_PAGES_H

#include <stddef.h>

/* Zeroed memory that is not resident until touched; NULL when there is none. */
void *harena__map_pages(size_t size);
void harena__unmap_pages(void *memory, size_t size);

size_t harena__page_size(void);

#endif
