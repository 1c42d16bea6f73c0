/* Which thread uses an arena.
 *
 * A family of arenas (a parent and all below it) belongs to one thread at a time, so all of this is
 * kept in the watch of the family's eldest. The seam's part is in hooks_on/hooks.h. */
#ifndef HARENA_INSTRUMENT_OWNER_H
#define HARENA_INSTRUMENT_OWNER_H

#include "ledger.h"

/* Values of the option `threads`. */
enum { HARENA__THREADS_OVERLAP, HARENA__THREADS_OWNER, HARENA__THREADS_OFF };

/* An arena opens: its family, and with threads=owner its owner, are settled. */
void harena__owner_opened(harena__watch *watch, harena__watch *parent);

/* The rest of harena__check_owner(). */
void harena__meet_owner(harena__watch *watch) HARENA_ATTRIBUTE(cold);

/* Any call on the arena. Reports a thread that was not given it, with threads=owner; after
 * harena_hand_over() takes it over. One load where neither is so. */
static inline void harena__check_owner(harena__watch *watch) {
  if (!HARENA_LIKELY(atomic_load_explicit(&watch->family->owner, memory_order_relaxed) ==
                     HARENA__ANYBODY)) {
    harena__meet_owner(watch);
  }
}

/* The thread gives the arena and its family to the next one that uses it. */
void harena__give_up(harena__watch *watch);

/* The call that runs on the arena will not come to its end: a panic follows. */
void harena__visit_abandoned(const harena__arena *arena);

#endif
