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

void __lsan_register_root_region(const void *start, size_t size) {
  assert_non_null(start);
  registered += size;
  registered_ever += size;
}

void __lsan_unregister_root_region(const void *start, size_t size) {
  assert_non_null(start);
  assert_true(size <= registered);
  registered -= size;
}

enum { MEBIBYTE = 1 << 20, ROUNDS = 100 };

static void dead_slabs_are_no_roots(void **state) {
  (void)state;
  harena *arena = harena_open(NULL);
  assert_non_null(arena);
  for (int i = 0; i < ROUNDS; i++) {
    assert_non_null(harena_alloc(arena, MEBIBYTE, 8));
    assert_true(registered >= MEBIBYTE && registered <= 32 * MEBIBYTE);
    harena_clear(arena);
  }
  assert_true(registered_ever >= ROUNDS * MEBIBYTE);
  harena_close(arena);
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
      cmocka_unit_test(a_mapping_of_its_own_is_a_root_while_it_lives),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
