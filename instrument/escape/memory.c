#include "escape/memory.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pages.h"
#include "sanitize.h"

size_t harena__copy_memory(void *out, uintptr_t from, size_t size) {
  struct iovec to = {out, size};
  struct iovec at = {(void *)from, size};
  ssize_t count = process_vm_readv(getpid(), &to, 1, &at, 1, 0);
  return count > 0 ? (size_t)count : 0;
}

/* Zeroed, because MemorySanitizer does not see the kernel write. */
bool harena__copy_word(uintptr_t slot, uintptr_t *out) {
  *out = 0;
  return harena__copy_memory(out, slot, sizeof *out) == sizeof *out;
}

/* ---- Present pages ---- */

enum { PAGES_AT_ONCE = 4096 };

/* Asks for a part of the range; false when some of it is not mapped any more. */
static bool ask(uintptr_t start, size_t pages, unsigned char *present) {
  memset(present, 0, pages);
  return mincore((void *)start, pages * harena__page_size(), present) == 0;
}

/* The number of pages from `first` on that are as present as it is. */
static size_t stretch(const unsigned char *present, size_t first, size_t pages) {
  size_t end = first + 1;
  while (end < pages && ((present[end] ^ present[first]) & 1) == 0) {
    end++;
  }
  return end - first;
}

void harena__each_present(harena__range range, void (*each)(harena__range part, void *context),
                          void *context) {
  unsigned char present[PAGES_AT_ONCE];
  uintptr_t page = harena__page_size();
  uintptr_t start = range.start & ~(page - 1);
  size_t most = PAGES_AT_ONCE;
  while (start < range.end) {
    size_t left = (range.end - start + page - 1) / page;
    size_t pages = left < most ? left : most;
    bool known = ask(start, pages, present);
    if (!known && pages > 1) {
      most = pages / 2;
      continue;
    }
    most = known ? PAGES_AT_ONCE : 1;
    for (size_t i = 0, count = 0; known && i < pages; i += count) {
      count = stretch(present, i, pages);
      harena__range part = {start + i * page, start + (i + count) * page};
      part.start = part.start > range.start ? part.start : range.start;
      part.end = part.end < range.end ? part.end : range.end;
      if (present[i] & 1) {
        each(part, context);
      }
    }
    start += pages * page;
  }
}
