/* Which blocks have a known type, so that the field of a pointer in them can be named. */
#ifndef HARENA_INSTRUMENT_POINTER_MAPS_H
#define HARENA_INSTRUMENT_POINTER_MAPS_H

#include "ledger.h"
#include "report/line.h"

/* Remembers the map for an entry; NULL forgets. False, and the entry has none, when there have been
 * 1,024 others. */
bool harena__set_map(harena__entry *entry, const harena_pointer_map *map);

/* Adds "struct conn field peer+0", with the index in a block of several: "struct conn[2] field
 * peer+0". A place that is no pointer of the type is "struct conn+12". False, and nothing added,
 * when the block has no map. */
bool harena__add_field(harena__line *line, const harena__entry *entry, size_t offset);

#endif
