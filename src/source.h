/* Where chunks come from when a program names neither a parent nor a source. */
#ifndef HARENA_SRC_SOURCE_H
#define HARENA_SRC_SOURCE_H

#include <harena/arena.h>

/* The system: the heap for small chunks, mappings for large ones. */
extern const harena_source harena__system_source;

/* The same, with huge pages asked for. */
extern const harena_source harena__huge_page_source;

/* Whether a chunk of `size` bytes fresh from `source` is known to be zero. */
bool harena__is_fresh_zero(const harena_source *source, size_t size);

/* Advice that the system may not follow; the memory is as good without it. */
void harena__ask_for_huge_pages(void *memory, size_t size);

#endif
