/* What LeakSanitizer is told to search: the memory of live arenas, not the addresses of all that
 * ever lived, which it would go through page by page when the program ends. The test stands in for
 * LeakSanitizer. */
#include <harena/arena.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void __lsan_register_root_region(const void *start, size_t size);
void __lsan_unregister_root_region(const void *start, size_t size);

static size_t registered;
static size_t registered_ever;
static size_t roots;

void __lsan_register_root_region(const void *start, size_t size) {
  assert_non_null(start);
  registered += size;
  roots++;
  registered_ever += size;
}

void __lsan_unregister_root_region(const void *start, size_t size) {
  assert_non_null(start);
  assert_true(size <= registered);
  registered -= size;
  roots--;
}

enum { MEBIBYTE = 1 << 20, ROUNDS = 1000, ARENAS = 200 };

static void dead_slabs_are_no_roots(void **state) {
  (void)state;
  const size_t most = (size_t)400 << 20; /* three stretches: of the record, and of a chunk two */
  harena *arena = harena_open(NULL);
  assert_non_null(arena);
  for (int i = 0; i < ROUNDS; i++) {
    assert_non_null(harena_alloc(arena, MEBIBYTE, 8));
    assert_true(registered >= MEBIBYTE && registered <= most);
    harena_clear(arena);
  }
  assert_true(registered_ever >= (size_t)ROUNDS * MEBIBYTE);
  harena_close(arena);
}

/* It looks through the list of all mappings for each root. */
static void many_arenas_are_few_roots(void **state) {
  (void)state;
  static harena *arenas[ARENAS];
  for (int i = 0; i < ARENAS; i++) {
    arenas[i] = harena_open(NULL);
    assert_non_null(harena_alloc(arenas[i], 3 * MEBIBYTE / 2, 8));
  }
  assert_true(registered >= (size_t)ARENAS * 3 * MEBIBYTE / 2);
  assert_true(roots <= 16);
  for (int i = 0; i < ARENAS; i++) {
    harena_close(arenas[i]);
  }
}

static void a_mapping_of_its_own_is_a_root_while_it_lives(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_non_null(arena);
  size_t before = registered;
  size_t large = (size_t)5 << 30;
  bool is_there = harena_alloc(arena, large, 8) != NULL; /* on a small machine it may not be */
  assert_true(registered >= before + (is_there ? large : 0));
  harena_close(arena);
  assert_true(registered <= before);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dead_slabs_are_no_roots),
      cmocka_unit_test(many_arenas_are_few_roots),
      cmocka_unit_test(a_mapping_of_its_own_is_a_root_while_it_lives),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
