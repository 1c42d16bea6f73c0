/* How arenas begin and end. */
#ifndef HARENA_SRC_LIFETIME_H
#define HARENA_SRC_LIFETIME_H

#include "record.h"

/* harena_close() for the core's own use. */
void harena__end_arena(harena__arena *arena);

#endif
