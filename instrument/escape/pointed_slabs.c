#include "escape/pointed_slabs.h"

#include <stdatomic.h>

#include "cage.h"
#include "escape/dead_pages.h"
#include "pages.h"

static _Atomic uint32_t latest;
static _Atomic uint32_t latest_complete;
static atomic_bool is_wanted;

/* By slab: the last sweep that has seen a word lead there. */
static _Atomic(_Atomic uint32_t *) table;

/* By the one thread that sweeps. */
static _Atomic uint32_t *sightings(void) {
  _Atomic uint32_t *present = atomic_load_explicit(&table, memory_order_acquire);
  if (!present) {
    present = harena__map_pages(harena__cage_slabs() * sizeof *present);
    atomic_store_explicit(&table, present, memory_order_release);
  }
  return present;
}

uint32_t harena__latest_sweep(void) { return atomic_load(&latest); }

void harena__sweep_begins(void) {
  atomic_store(&is_wanted, false);
  atomic_fetch_add(&latest, 1);
}

void harena__point_at(uintptr_t address) {
  _Atomic uint32_t *seen = sightings();
  if (seen) {
    size_t slab = harena__cage_slab((const void *)address);
    atomic_store_explicit(&seen[slab], atomic_load(&latest), memory_order_relaxed);
  }
}

void harena__sweep_ends(bool complete) {
  if (complete && sightings()) {
    atomic_store(&latest_complete, atomic_load(&latest));
    harena__cage_swept();
  }
}

bool harena__was_swept(uint32_t since) { return atomic_load(&latest_complete) > since; }

bool harena__is_pointed_into(size_t slab, size_t count) {
  const _Atomic uint32_t *seen = atomic_load_explicit(&table, memory_order_acquire);
  uint32_t last = atomic_load(&latest_complete);
  for (size_t i = slab; i < slab + count; i++) {
    if (atomic_load_explicit(&seen[i], memory_order_relaxed) >= last) {
      return true;
    }
  }
  return false;
}

/* Where addresses are used again at once nothing is dead to a sweep. */
void harena__want_sweep(void) { atomic_store(&is_wanted, harena__dead_range().end != 0); }

bool harena__is_sweep_wanted(void) {
  return atomic_load_explicit(&is_wanted, memory_order_relaxed);
}
