#include "handles.h"

#include <stdatomic.h>

#include "cage.h"
#include "detect.h"
#include "hooks.h"
#include "owner.h"
#include "report/options.h"

/* A table of watches by the hash of their handle. A newer arena takes an older one's place when
 * they collide; the older one is then found in the ledger, and takes its place back. */
enum { SLOTS = 1 << 14 };

static _Atomic(harena__watch *) slots[SLOTS];

static size_t slot_of(uintptr_t hidden_handle) {
  uint64_t mixed = (uint64_t)hidden_handle * 0x9e3779b97f4a7c15ULL;
  return (size_t)(mixed >> 50);
}

/* Open arenas that are not watched, hidden; so the ledger need not be asked about each call on
 * them. */
static _Atomic uintptr_t unwatched[SLOTS];

static bool is_unwatched(uintptr_t hidden_handle) {
  return atomic_load_explicit(&unwatched[slot_of(hidden_handle)], memory_order_relaxed) ==
         hidden_handle;
}

void harena__remember_unwatched(const harena__arena *arena) {
  uintptr_t hidden = harena__hide(arena);
  atomic_store_explicit(&unwatched[slot_of(hidden)], hidden, memory_order_relaxed);
}

void harena__forget_unwatched(const harena__arena *arena) {
  uintptr_t hidden = harena__hide(arena);
  if (is_unwatched(hidden)) {
    atomic_store_explicit(&unwatched[slot_of(hidden)], 0, memory_order_relaxed);
  }
}

static bool is_open_at(const harena__watch *watch, uintptr_t hidden_handle) {
  return watch && watch->open && watch->hidden_handle == hidden_handle;
}

void harena__remember_handle(harena__watch *watch) {
  atomic_store_explicit(&slots[slot_of(watch->hidden_handle)], watch, memory_order_release);
}

static bool not_all_are_watched(void) {
  return harena__option()->sample > 1 || harena__arenas_lost() > 0;
}

/* What is not seen at first sight: an arena whose place in the table was taken, that is not
 * watched, or closed. */
HARENA_ATTRIBUTE(noinline)
static bool look_closer(const harena *handle, bool closing) {
  uintptr_t hidden = harena__hide(handle);
  if (is_unwatched(hidden)) {
    return true;
  }
  harena__watch *watch = harena__ledger_watch_at(handle);
  if (is_open_at(watch, hidden)) {
    harena__remember_handle(watch);
    harena__check_owner(watch);
    return true;
  }
  if (!watch && not_all_are_watched()) {
    return true;
  }
  harena__report_dead_handle(handle, watch, closing);
  return false;
}

/* The record is not read: it may be gone. */
bool harena__handle_is_good(const harena *handle, bool closing) {
  uintptr_t hidden = harena__hide(handle);
  harena__watch *watch = atomic_load_explicit(&slots[slot_of(hidden)], memory_order_acquire);
  if (HARENA_LIKELY(is_open_at(watch, hidden))) {
    harena__check_owner(watch);
    return true;
  }
  return look_closer(handle, closing);
}

/* ---- For tests ---- */

void harena__forget_everything(void) {
  for (size_t i = 0; i < SLOTS; i++) {
    atomic_store_explicit(&slots[i], NULL, memory_order_relaxed);
    atomic_store_explicit(&unwatched[i], 0, memory_order_relaxed);
  }
  harena__cage_forget();
  harena__ledger_forget();
}
