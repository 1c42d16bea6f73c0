/* A handle whose place in the table was taken, where not every arena is watched (sample=2): what used
 * to lie at its address says nothing about it. */
#include <harena.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "handles.h"
#include "record.h"

enum { SIZE = 2048, OTHERS = 8 * HARENA__HANDLES };

static _Alignas(16) char buffer[SIZE];
static _Alignas(16) char others[OTHERS][SIZE];

static harena *open_at(char *place) {
  harena *arena = harena_open_in(place, SIZE, NULL);
  assert_non_null(arena);
  return arena;
}

static bool is_watched(harena *arena) { return harena__watch_of(harena__record(arena)) != NULL; }

static harena *open_until(char *place, bool watched) {
  harena *arena = open_at(place);
  while (is_watched(arena) != watched) {
    harena_close(arena);
    arena = open_at(place);
  }
  return arena;
}

static void an_unwatched_arena_is_not_the_watched_one_before(void **state) {
  (void)state;
  harena_close(open_until(buffer, true));
  harena *arena = open_until(buffer, false);
  for (size_t i = 0; i < OTHERS; i++) {
    open_at(others[i]);
  }
  assert_non_null(harena_alloc_zeroed(arena, 8, 8));
  assert_int_equal(harena_findings(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_unwatched_arena_is_not_the_watched_one_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
