/* AddressSanitizer: user poisoning, exact to the byte, and our words behind its report.
 *
 * Its interface is declared here and not included: gcc ships only a part of the headers, and
 * references must be weak, so that one object file serves programs with and without ASan. */
#include <stdint.h>

#include "pages.h"
#include "shadow/shadow.h"
#include "shadow/shadow_pages.h"
#include "size.h"

#define WEAK __attribute__((weak))

WEAK void __asan_poison_memory_region(const volatile void *address, size_t size);
WEAK void __asan_unpoison_memory_region(const volatile void *address, size_t size);
WEAK int __asan_address_is_poisoned(const volatile void *address);
WEAK void __asan_set_error_report_callback(void (*callback)(const char *text));
WEAK int __asan_report_present(void);
WEAK void *__asan_get_report_address(void);
WEAK int __asan_get_report_access_type(void);
WEAK size_t __asan_get_report_access_size(void);
WEAK void __asan_get_shadow_mapping(size_t *scale, size_t *offset);
WEAK void __sanitizer_report_error_summary(const char *text);

static bool is_present(void) { return __asan_poison_memory_region != NULL; }

/* ---- Reports ---- */

/* Goes where ASan's own text goes, to a log file too. */
static void emit(const char *line) { __sanitizer_report_error_summary(line); }

static void explain_report(const char *text) {
  (void)text;
  const void *address = __asan_report_present() ? __asan_get_report_address() : NULL;
  if (address) {
    harena__explain_access(address, __asan_get_report_access_size(),
                           __asan_get_report_access_type() == 1, emit, false);
  }
}

/* ---- Start ---- */

enum { SHADOW_SCALE = 3 };

static size_t shadow_offset;
static bool knows_shadow;

/* allow_user_poisoning=0 makes unpoisoning do nothing as well, so nothing may be poisoned past
 * ASan. */
static bool poisoning_works(void) {
  static char probe[HARENA__GRANULE] __attribute__((aligned(HARENA__GRANULE)));
  __asan_poison_memory_region(probe, sizeof probe);
  bool works = __asan_address_is_poisoned(probe) != 0;
  __asan_unpoison_memory_region(probe, sizeof probe);
  return works;
}

/* The callback is one slot without a getter: a program that sets its own, later, takes ours
 * away. */
static void start(void) {
  size_t scale;
  __asan_get_shadow_mapping(&scale, &shadow_offset);
  knows_shadow = scale == SHADOW_SCALE && poisoning_works();
  harena__shadow_pages_start();
  __asan_set_error_report_callback(explain_report);
}

/* ---- Poison ---- */

/* ASan keeps one byte for eight, so a range can only be poisoned exactly when it ends at a multiple
 * of 8. What lies between the end of an odd size and there is nobody's. */
static void write_shadow(uintptr_t from, uintptr_t to, bool poisoned) {
  if (poisoned) {
    uintptr_t end = (to + HARENA__GRANULE - 1) & ~(uintptr_t)(HARENA__GRANULE - 1);
    __asan_poison_memory_region((const void *)from, end - from);
  } else {
    __asan_unpoison_memory_region((const void *)from, to - from);
  }
}

static uintptr_t shadow_of(uintptr_t address) { return (address >> SHADOW_SCALE) + shadow_offset; }

/* What shares a page of the shadow with others is written, the rest is mapped. */
static bool map_shadow(uintptr_t from, uintptr_t to, bool poisoned) {
  uintptr_t unit = harena__page_size() << SHADOW_SCALE;
  uintptr_t first = (from + unit - 1) & ~(unit - 1);
  uintptr_t last = to & ~(unit - 1);
  if (!knows_shadow || first >= last ||
      !harena__map_shadow(shadow_of(first), (last - first) >> SHADOW_SCALE, poisoned)) {
    return false;
  }
  write_shadow(from, first, poisoned);
  write_shadow(last, to, poisoned);
  return true;
}

/* From `filled_from` on, shadow pages are asked for in one call, which takes a third of the time
 * of a fault for each. From `mapped_from` on, even that costs more, in time and in memory, than
 * the first use of the poison file. */
static const size_t filled_from = (size_t)1 << 20;
static const size_t mapped_from = (size_t)16 << 20;

static void set(const void *from, size_t size, bool poisoned) {
  uintptr_t first = (uintptr_t)from;
  uintptr_t last = first + size;
  if (size >= mapped_from && map_shadow(first, last, poisoned)) {
    return;
  }
  if (size >= filled_from && knows_shadow) {
    harena__fill_shadow_pages(shadow_of(first), size >> SHADOW_SCALE);
  }
  write_shadow(first, last, poisoned);
}

static void poison(const void *from, size_t size) { set(from, size, true); }

static void unpoison(const void *from, size_t size) { set(from, size, false); }

static void ignore_new_pool(const void *pool, size_t redzone) {
  (void)pool;
  (void)redzone;
}

static void ignore_pool(const void *pool) { (void)pool; }

static void block_born(const void *pool, void *block, size_t size) {
  (void)pool;
  unpoison(block, size);
}

static void block_resized(const void *pool, void *block, size_t old_size, size_t new_size) {
  (void)pool;
  if (new_size >= old_size) {
    unpoison(block, new_size);
  } else {
    poison((char *)block + new_size, harena__round_up(old_size) - new_size);
  }
}

static void block_retired(const void *pool, void *block, size_t size) {
  (void)pool;
  poison(block, size);
}

static void range_retired(const void *pool, char *from, char *to) {
  (void)pool;
  poison(from, harena__distance(from, to));
}

static void slab_retired(char *start, size_t size) {
  uintptr_t first = (uintptr_t)start;
  if (!map_shadow(first, first + size, true)) {
    write_shadow(first, first + size, true);
  }
}

static void pages_moved(char *from, char *to, size_t size) {
  if (!knows_shadow || !harena__move_shadow(shadow_of((uintptr_t)from), shadow_of((uintptr_t)to),
                                            size >> SHADOW_SCALE)) {
    poison(to, size);
  }
}

const harena__shadow harena__shadow_asan = {
    .name = "asan",
    .is_present = is_present,
    .start = start,
    .needs_canaries = false,
    .least_redzone = 16,
    .may_protect = false,
    .pool_opened = ignore_new_pool,
    .pool_closed = ignore_pool,
    .poison = poison,
    .unpoison = unpoison,
    .block_born = block_born,
    .block_resized = block_resized,
    .bytes_opened = unpoison,
    .block_retired = block_retired,
    .range_retired = range_retired,
    .slab_retired = slab_retired,
    .pages_moved = pages_moved,
};
