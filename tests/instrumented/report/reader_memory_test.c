/* What the reader of debug information maps is the watcher's own, which no sweep looks into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "escape/mappings.h"
#include "pages.h"
#include "report/debug_info.h"

enum { MOST_OWN = 64 };

typedef struct memory {
  harena__range own[MOST_OWN];
  size_t own_count;
  uintptr_t anonymous; /* bytes */
} memory;

static uintptr_t min(uintptr_t a, uintptr_t b) { return a < b ? a : b; }
static uintptr_t max(uintptr_t a, uintptr_t b) { return a > b ? a : b; }

static uintptr_t own_bytes(const memory *it, harena__range mapping) {
  uintptr_t bytes = 0;
  for (size_t i = 0; i < it->own_count; i++) {
    uintptr_t from = max(mapping.start, it->own[i].start);
    uintptr_t to = min(mapping.end, it->own[i].end);
    bytes += from < to ? to - from : 0;
  }
  return bytes;
}

static void add(const harena__mapping *mapping, void *context) {
  memory *it = context;
  if (mapping->writable && *mapping->name == '\0') {
    it->anonymous += mapping->range.end - mapping->range.start - own_bytes(it, mapping->range);
  }
}

static uintptr_t others_memory(void) {
  memory it = {.own_count = harena__own_pages(it.own, MOST_OWN)};
  assert_true(it.own_count < MOST_OWN);
  assert_true(harena__each_mapping(add, &it));
  return it.anonymous;
}

static void note_function(const char *function, const char *file, unsigned line, void *context) {
  (void)file;
  (void)line;
  *(bool *)context |= function != NULL;
}

static void nothing_is_mapped_for_others(void **state) {
  (void)state;
  harena__range own;
  uintptr_t before = others_memory();
  assert_int_equal(harena__own_pages(&own, 1), 0);
  bool found = false;
  assert_true(
      harena__read_debug_info((uintptr_t)nothing_is_mapped_for_others, note_function, &found));
  assert_true(found);
  assert_int_equal(harena__own_pages(&own, 1), 1);
  assert_int_equal(others_memory(), before);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_mapped_for_others)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
