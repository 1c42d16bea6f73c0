/* Which handles are those of open arenas. */
#ifndef HARENA_INSTRUMENT_HANDLES_H
#define HARENA_INSTRUMENT_HANDLES_H

#include "owner.h"

/* The watch of an arena that is known to be open; NULL when the ledger had no room for it. */
static inline harena__watch *harena__watch_of(const harena__arena *arena) { return arena->watch; }

/* A table of watches by the hash of their handle. A newer arena takes an older one's place when
 * they collide; the older one is then found in the ledger, and takes its place back. */
enum { HARENA__HANDLE_BITS = 14, HARENA__HANDLES = 1 << HARENA__HANDLE_BITS };
extern _Atomic(harena__watch *) harena__handles[HARENA__HANDLES];

static inline HARENA_ATTRIBUTE(always_inline) size_t
    harena__place_of_handle(uintptr_t hidden_handle) {
  uint64_t mixed = (uint64_t)hidden_handle * 0x9e3779b97f4a7c15ULL;
  return (size_t)(mixed >> (64 - HARENA__HANDLE_BITS));
}

static inline HARENA_ATTRIBUTE(always_inline) bool harena__is_open_at(const harena__watch *watch,
                                                                      uintptr_t hidden_handle) {
  return watch && watch->open && watch->hidden_handle == hidden_handle;
}

/* The rest of harena__handle_is_good(): an arena whose place in the table was taken, that is not
 * watched, or closed. */
bool harena__look_closer(const harena *handle, bool closing) HARENA_ATTRIBUTE(cold);

/* The record is not read: it may be gone. */
static inline HARENA_ATTRIBUTE(always_inline) bool harena__handle_is_good(const harena *handle,
                                                                          bool closing) {
  uintptr_t hidden = harena__hide(handle);
  harena__watch *watch =
      atomic_load_explicit(&harena__handles[harena__place_of_handle(hidden)], memory_order_acquire);
  if (HARENA_LIKELY(harena__is_open_at(watch, hidden))) {
    harena__check_owner(watch);
    return true;
  }
  return harena__look_closer(handle, closing);
}

/* Makes the watch findable by its handle, of which nothing is known when it comes back. */
void harena__remember_handle(harena__watch *watch);

/* The same for open arenas that are not watched, as far as there is room. */
void harena__remember_unwatched(const harena__arena *arena);
void harena__forget_unwatched(const harena__arena *arena);

/* For tests, while no arena is open: forgets all handles, the ledger and the cage. */
void harena__forget_everything(void);

#endif
