#include "guard_pages.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "pages.h"

/* With the memory between them they take half of the mappings that a process may have. */
enum { MOST_GUARDS = 16384 };

static _Atomic size_t guards;
static _Atomic size_t refused;
static _Atomic size_t left_out;

static void count(_Atomic size_t *number) {
  atomic_fetch_add_explicit(number, 1, memory_order_relaxed);
}

void harena__forget_guard(void) { atomic_fetch_sub_explicit(&guards, 1, memory_order_relaxed); }

bool harena__guard_page(char *page) {
  if (atomic_load_explicit(&guards, memory_order_relaxed) >= MOST_GUARDS) {
    count(&left_out);
    return false;
  }
  if (mprotect(page, harena__page_size(), PROT_NONE) != 0) {
    count(&refused);
    return false;
  }
  count(&guards);
  return true;
}

void harena__open_pages(char *from, char *to) {
  uintptr_t page = harena__page_size();
  uintptr_t first = (uintptr_t)from & ~(page - 1);
  uintptr_t last = ((uintptr_t)to + page - 1) & ~(page - 1);
  (void)mprotect((void *)first, last - first, PROT_READ | PROT_WRITE);
}

/* Advice, not a mapping in their place: what has the same protection as its neighbours is one
 * mapping with them. */
void harena__take_pages(char *from, char *to) {
  uintptr_t page = harena__page_size();
  uintptr_t first = ((uintptr_t)from + page - 1) & ~(page - 1);
  uintptr_t last = (uintptr_t)to & ~(page - 1);
  if (first < last && mprotect((void *)first, last - first, PROT_NONE) != 0) {
    count(&refused);
  } else if (first < last) {
    madvise((void *)first, last - first, MADV_DONTNEED);
  }
}

harena__guard_statistics harena__guards_measure(void) {
  return (harena__guard_statistics){
      .guards = atomic_load(&guards),
      .refused = atomic_load(&refused),
      .left_out = atomic_load(&left_out),
  };
}
