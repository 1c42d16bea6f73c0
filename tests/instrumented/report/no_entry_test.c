/* While a finding is reported neither the heap nor an arena's source is entered: both may be in the
 * middle of something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <harena.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- The heap, watched ---------------------------------------------------------------------- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static volatile bool is_watched; /* volatile: a compiler takes malloc for one that does not ask */
static volatile unsigned entries;

static void note(void) { entries += is_watched; }

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  note();
  return __libc_realloc(block, size);
}

/* ---- A source, watched ---------------------------------------------------------------------- */

static char memory[1 << 16] __attribute__((aligned(64)));
static size_t given;

static void *acquire(void *context, size_t *size, size_t align) {
  (void)context;
  (void)align;
  note();
  if (given > 0 || *size > sizeof memory) {
    return NULL;
  }
  given = *size;
  return memory;
}

static void release(void *context, void *block, size_t size) {
  (void)context;
  (void)block;
  (void)size;
  note();
}

/* ---- The finding ---------------------------------------------------------------------------- */

static void find(harena *arena, void *block) {
  is_watched = true;
  harena_free(arena, block, 17); /* with a size that is not its own */
  is_watched = false;
}

static void a_report_enters_nothing(void **state) {
  (void)state;
  harena_source source = {.acquire = acquire, .release = release};
  harena *arena = harena_open(&(harena_options){.name = "watched", .source = &source});
  assert_non_null(arena);
  void *block = harena_alloc(arena, 24, 8);
  assert_non_null(block);
  find(arena, block);
  assert_int_equal(harena_findings(), 1);
  find(arena, block); /* by now debug information has been read */
  assert_int_equal(harena_findings(), 2);
  assert_int_equal(entries, 0);
  harena_close(arena);
}

static char *volatile kept;

/* Whose name and line are in the program's file. */
static void the_name_of_a_holder_enters_nothing(void **state) {
  (void)state;
  size_t before = harena_findings();
  harena *arena = harena_open(&(harena_options){.name = "escaping"});
  assert_non_null(arena);
  kept = harena_alloc(arena, 24, 8);
  is_watched = true;
  harena_clear(arena);
  is_watched = false;
  assert_int_equal(harena_findings(), before + 1);
  assert_int_equal(entries, 0);
  harena_close(arena);
}

/* The test is one only when the heap is really watched. */
static void the_heap_is_watched(void **state) {
  (void)state;
  is_watched = true;
  void *volatile block = malloc(1);
  is_watched = false;
  assert_int_equal(entries, 1);
  free(block);
  entries = 0;
}

const char *harena_default_options(void) { return "halt_on_error=0:escape=immediate"; }

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_heap_is_watched),
      cmocka_unit_test(a_report_enters_nothing),
      cmocka_unit_test(the_name_of_a_holder_enters_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
