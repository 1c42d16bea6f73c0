#include "handles.h"

#include <stdatomic.h>

#include "cage.h"
#include "detect.h"
#include "hooks.h"
#include "owner.h"
#include "report/options.h"

_Atomic(harena__watch *) harena__handles[HARENA__HANDLES];

/* Open arenas that are not watched, hidden; so the ledger need not be asked about each call on
 * them. */
static _Atomic uintptr_t unwatched[HARENA__HANDLES];

static bool is_unwatched(uintptr_t hidden_handle) {
  return atomic_load_explicit(&unwatched[harena__place_of_handle(hidden_handle)],
                              memory_order_relaxed) == hidden_handle;
}

void harena__remember_unwatched(const harena__arena *arena) {
  uintptr_t hidden = harena__hide(arena);
  atomic_store_explicit(&unwatched[harena__place_of_handle(hidden)], hidden, memory_order_relaxed);
}

void harena__forget_unwatched(const harena__arena *arena) {
  uintptr_t hidden = harena__hide(arena);
  if (is_unwatched(hidden)) {
    atomic_store_explicit(&unwatched[harena__place_of_handle(hidden)], 0, memory_order_relaxed);
  }
}

void harena__remember_handle(harena__watch *watch) {
  atomic_store_explicit(&harena__handles[harena__place_of_handle(watch->hidden_handle)], watch,
                        memory_order_release);
}

static bool not_all_are_watched(void) {
  return harena__option()->sample > 1 || harena__arenas_lost() > 0;
}

bool harena__look_closer(const harena *handle, bool closing) {
  uintptr_t hidden = harena__hide(handle);
  if (is_unwatched(hidden)) {
    return true;
  }
  harena__watch *watch = harena__ledger_watch_at(handle);
  if (harena__is_open_at(watch, hidden)) {
    harena__remember_handle(watch);
    harena__check_owner(watch);
    return true;
  }
  bool may_be_another = !watch || watch->home != HARENA__IN_CAGE;
  if (may_be_another && not_all_are_watched()) {
    return true;
  }
  harena__report_dead_handle(handle, watch, closing);
  return false;
}

/* ---- For tests ---- */

void harena__forget_everything(void) {
  for (size_t i = 0; i < HARENA__HANDLES; i++) {
    atomic_store_explicit(&harena__handles[i], NULL, memory_order_relaxed);
    atomic_store_explicit(&unwatched[i], 0, memory_order_relaxed);
  }
  harena__cage_forget();
  harena__ledger_forget();
}
