#include "escape/dead_pages.h"

#include <stdatomic.h>

#include "cage.h"
#include "pages.h"

enum { PAGE_SHIFT = 12, BITS = 64 };

static _Atomic(_Atomic uint64_t *) table;

/* Hidden: the first thing that a sweep would find. */
static _Atomic uintptr_t hidden_lowest;
static _Atomic uintptr_t hidden_end = UINTPTR_MAX;

static size_t table_size(void) {
  return (harena__cage_slabs() << (HARENA__SLAB_SHIFT - PAGE_SHIFT)) / BITS * sizeof(uint64_t);
}

/* Addresses, not memory: only what is used is touched. */
static _Atomic uint64_t *words(void) {
  _Atomic uint64_t *present = atomic_load_explicit(&table, memory_order_acquire);
  if (present || table_size() == 0) {
    return present;
  }
  _Atomic uint64_t *fresh = harena__map_pages(table_size());
  if (fresh && !atomic_compare_exchange_strong(&table, &present, fresh)) {
    harena__unmap_pages(fresh, table_size());
    return present;
  }
  return fresh;
}

static size_t page_of(uintptr_t address) {
  return (address - (uintptr_t)harena__cage_base()) >> PAGE_SHIFT;
}

/* The complement of a lower address is higher. */
static void widen(uintptr_t from, uintptr_t to) {
  uintptr_t low = atomic_load(&hidden_lowest);
  while (~from > low && !atomic_compare_exchange_weak(&hidden_lowest, &low, ~from)) {
  }
  uintptr_t end = atomic_load(&hidden_end);
  while (~to < end && !atomic_compare_exchange_weak(&hidden_end, &end, ~to)) {
  }
}

void harena__mark_dead(const char *from, const char *to) {
  _Atomic uint64_t *bits = from < to && harena__cage_holds(from) ? words() : NULL;
  if (!bits) {
    return;
  }
  size_t last = page_of((uintptr_t)to - 1);
  for (size_t page = page_of((uintptr_t)from); page <= last; page++) {
    atomic_fetch_or_explicit(&bits[page / BITS], UINT64_C(1) << page % BITS, memory_order_relaxed);
  }
  widen((uintptr_t)from, (uintptr_t)to);
}

void harena__unmark_dead(const char *start, size_t size) {
  _Atomic uint64_t *bits = harena__cage_holds(start) ? words() : NULL;
  size_t first = page_of((uintptr_t)start);
  for (size_t page = first; bits && page < first + (size >> PAGE_SHIFT); page++) {
    atomic_fetch_and_explicit(&bits[page / BITS], ~(UINT64_C(1) << page % BITS),
                              memory_order_relaxed);
  }
}

bool harena__is_in_dead_page(uintptr_t address) {
  _Atomic uint64_t *bits = atomic_load_explicit(&table, memory_order_acquire);
  size_t page = page_of(address);
  return bits && harena__cage_holds((const void *)address) &&
         (atomic_load_explicit(&bits[page / BITS], memory_order_relaxed) >> page % BITS & 1) != 0;
}

/* The start lies before the first dead page: with AddressSanitizer's fake stack it is kept where a
 * sweep looks, and would hold what begins there for ever. */
harena__range harena__dead_range(void) {
  uintptr_t end = ~atomic_load(&hidden_end);
  uintptr_t page = ~atomic_load(&hidden_lowest) >> PAGE_SHIFT << PAGE_SHIFT;
  return (harena__range){end ? page - 1 : 0, end};
}
