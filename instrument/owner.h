/* Which thread uses an arena.
 *
 * A family of arenas (a parent and all below it) belongs to one thread at a time, so all of this is
 * kept in the watch of the family's eldest. What every call does is in place. */
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
static inline HARENA_ATTRIBUTE(always_inline) void harena__check_owner(harena__watch *watch) {
  if (!HARENA_LIKELY(atomic_load_explicit(&watch->family->owner, memory_order_relaxed) ==
                     HARENA__ANYBODY)) {
    harena__meet_owner(watch);
  }
}

/* The thread gives the arena and its family to the next one that uses it. */
void harena__give_up(harena__watch *watch);

/* A visit is a call that changes the arena, and two plain stores: the thread's number at the
 * beginning, 0 at the end. Whoever finds another's number, at the beginning or at the end, was not
 * alone. Finding none at the end says nothing: a cleanup's refused call may have ended in a panic
 * that was handled.
 *
 * An atomic exchange would see a little more and cost as much as all the rest of an allocation, and
 * stronger orders would hide races from ThreadSanitizer. */
typedef struct harena__visit {
  harena__watch *family; /* NULL: nobody asks, or an outer call is the visit */
  harena__caller caller;
} harena__visit;

/* Threads by number, because the addresses of thread-local variables are used again; 0: the thread
 * has none yet. */
extern _Thread_local uint32_t harena__thread_number HARENA_ATTRIBUTE(tls_model("initial-exec"));

/* Where somebody is there already, perhaps the thread itself, or the thread has no number. */
harena__visit harena__visit_began_oddly(const harena__watch *watch) HARENA_ATTRIBUTE(cold);
void harena__visit_was_disturbed(harena__visit visit) HARENA_ATTRIBUTE(cold);

/* Word by word: they were stored a moment ago, and a processor that is to read two stores at once
 * waits until both have left for the cache. */
static inline harena__caller harena__present_call(void) {
  const volatile harena__caller *call = &harena__call;
  return (harena__caller){call->return_address, call->frame};
}

static inline HARENA_ATTRIBUTE(always_inline) harena__visit
    harena__enter_family(harena__watch *family, uint32_t visitor) {
  harena__visit visit = {family, harena__present_call()};
  atomic_store_explicit(&family->visit_place, visit.caller.return_address, memory_order_relaxed);
  atomic_store_explicit(&family->visit_frame, visit.caller.frame, memory_order_relaxed);
  atomic_store_explicit(&family->visitor, visitor, memory_order_relaxed);
  return visit;
}

static inline HARENA_ATTRIBUTE(always_inline) harena__visit
    harena__visit_began(const harena__arena *arena) {
  const harena__watch *watch = (const harena__watch *)arena->watch;
  harena__watch *family = watch ? watch->visited : NULL;
  if (!family) {
    return (harena__visit){0};
  }
  uint32_t visitor = atomic_load_explicit(&family->visitor, memory_order_relaxed);
  uint32_t number = harena__thread_number;
  return HARENA_LIKELY(visitor == 0 && number != 0) ? harena__enter_family(family, number)
                                                    : harena__visit_began_oddly(watch);
}

static inline HARENA_ATTRIBUTE(always_inline) void harena__visit_ended(const harena__visit *visit) {
  if (!visit->family) {
    return;
  }
  uint32_t visitor = atomic_load_explicit(&visit->family->visitor, memory_order_relaxed);
  if (HARENA_LIKELY(visitor == harena__thread_number)) {
    atomic_store_explicit(&visit->family->visitor, 0, memory_order_relaxed);
  } else if (visitor != 0) {
    harena__visit_was_disturbed(*visit);
  }
}

/* The call that runs on the arena will not come to its end: a panic follows. */
void harena__visit_abandoned(const harena__arena *arena);

#endif
