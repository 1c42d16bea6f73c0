/* Which pages of the cage hold memory that has ended: most pointers into arenas lead to none, and
 * need not be looked up. */
#ifndef HARENA_INSTRUMENT_DEAD_PAGES_H
#define HARENA_INSTRUMENT_DEAD_PAGES_H

#include <stddef.h>

#include "range.h"

/* Thread-safe. Nothing happens outside the cage. */
void harena__mark_dead(const char *from, const char *to);
void harena__unmark_dead(const char *start, size_t size);

/* One load. */
bool harena__is_in_dead_page(uintptr_t address);

/* From the first to behind the last page that was ever marked; empty when there was none. */
harena__range harena__dead_range(void);

#endif
