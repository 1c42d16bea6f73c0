/* What cannot be registered is refused with a line that names the call and says what was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena.h>
#include <stdio.h>
#include <string.h>

#include "report/child.h"

enum { ROOTS = 256, MAPS = 1024 };

static char memory[ROOTS + 1][sizeof(void *)];

/* One line for each of `parts`, and no other. */
static void assert_lines(void (*body)(void), const char *const *parts, size_t count) {
  const struct child *child = run_in_child("", body);
  assert_int_equal(child->exit_code, 0);
  const char *line = child->output;
  for (size_t i = 0; i < count; i++) {
    const char *end = strchr(line, '\n');
    const char *found = strstr(line, parts[i]);
    if (!end || !found || found > end) {
      fail_msg("expected %s, found %s", parts[i], child->output);
    }
    line = end + 1;
  }
  assert_string_equal(line, "");
}

#define ASSERT_LINES(body, ...)                                \
  do {                                                         \
    static const char *const parts[] = {__VA_ARGS__};          \
    assert_lines(body, parts, sizeof parts / sizeof parts[0]); \
  } while (0)

/* ---- Slots ---- */

static void register_wrong_slots(void) {
  harena_track(NULL);
  harena_may_dangle(NULL, "a reason");
  harena_may_dangle(memory[0], NULL);
  harena_may_dangle(memory[0], "");
  harena_untrack(NULL);
}

static void slots(void **state) {
  (void)state;
  ASSERT_LINES(register_wrong_slots, "harena: harena_track(0x0): there is no slot",
               "harena: harena_may_dangle(0x0): there is no slot",
               "): expected a reason; the slot is still watched",
               "): expected a reason; the slot is still watched");
}

/* ---- Roots ---- */

static void register_wrong_roots(void) {
  harena_add_root(NULL, 8, "nothing");
  harena_add_root(memory, 0, "nothing");
  harena_add_root(memory, SIZE_MAX, "more than there is");
  harena_remove_root(NULL);
}

static void register_too_many_roots(void) {
  for (size_t i = 0; i < ROOTS; i++) {
    harena_add_root(memory[i], sizeof memory[i], NULL);
  }
  harena_add_root(memory[ROOTS], 8, "one more");
  harena_remove_root(memory[7]);
  harena_add_root(memory[ROOTS], 8, "one more");
}

static void roots(void **state) {
  (void)state;
  static const char expected[] = "): expected the start and the size of a range of memory";
  ASSERT_LINES(register_wrong_roots, expected, expected, expected);
  ASSERT_LINES(register_too_many_roots, "): no room for one more root");
}

/* ---- Pointer maps ---- */

static void give_too_many_maps(void) {
  static harena_pointer_map maps[MAPS + 1];
  harena *arena = harena_open(NULL);
  void *block = harena_alloc(arena, 8, 8);
  for (size_t i = 0; i <= MAPS; i++) {
    maps[i] = (harena_pointer_map){.type = "long", .size = 8};
    harena_set_pointer_map(block, &maps[i]);
  }
  harena_set_pointer_map(block, &maps[MAPS - 1]);
  harena_set_pointer_map(block, NULL);
  harena_close(arena);
}

static void maps(void **state) {
  (void)state;
  ASSERT_LINES(give_too_many_maps, "): no room for one more map");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(slots),
      cmocka_unit_test(roots),
      cmocka_unit_test(maps),
  };
  return cmocka_run_group_tests_name("registering", tests, NULL, NULL);
}
