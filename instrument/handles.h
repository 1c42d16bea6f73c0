/* Which handles are those of open arenas. */
#ifndef HARENA_INSTRUMENT_HANDLES_H
#define HARENA_INSTRUMENT_HANDLES_H

#include "ledger.h"

/* The watch of an arena that is known to be open; NULL when the ledger had no room for it. */
static inline harena__watch *harena__watch_of(const harena__arena *arena) { return arena->watch; }

/* Makes the watch findable by its handle, of which nothing is known when it comes back. */
void harena__remember_handle(harena__watch *watch);

/* The same for open arenas that are not watched, as far as there is room. */
void harena__remember_unwatched(const harena__arena *arena);
void harena__forget_unwatched(const harena__arena *arena);

/* For tests, while no arena is open: forgets all handles, the ledger and the cage. */
void harena__forget_everything(void);

#endif
