/* What the tests of the core share: cmocka, harena, and the checks that every family makes. */
#ifndef CORE_TEST_H
#define CORE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <harena.h>
#include <string.h>

#include "panics.h"

/* The call gives NULL or false; the status and errno say why; nothing is charged or given back. */
#define assert_refused(arena, why, call)                             \
  do {                                                               \
    size_t used_before = harena_measure(arena).used_bytes;           \
    errno = 0;                                                       \
    assert_false(call);                                              \
    assert_int_equal(errno, errno_of(why));                          \
    assert_int_equal(harena_last_status(arena), why);                \
    assert_int_equal(harena_measure(arena).used_bytes, used_before); \
  } while (0)

/* Bytes that no machine has addresses for, though no size is refused for being as large as that. */
#define MORE_THAN_THERE_IS (sizeof(void *) == 8 ? PTRDIFF_MAX / 4 : PTRDIFF_MAX - 65536)

/* The errno that goes with a status. */
int errno_of(harena_status status);

/* Hides a value from the compiler, so that a size that is wrong on purpose is no warning and an
 * alignment is known at run time only. */
size_t opaque(size_t value);

size_t used(const harena *arena);
bool is_aligned(const void *block, size_t align);

/* What a block of `size` bytes is charged. */
size_t charge_of(size_t size);

/* Writes a pattern that `seed` chooses, and checks that it is still there. */
void fill(void *block, size_t size, unsigned seed);
void assert_filled(const void *block, size_t size, unsigned seed);
void assert_zero(const void *block, size_t size);

/* Allocates and fills, and fails the test when there is nothing. */
char *filled_block(harena *arena, size_t size, unsigned seed);

/* What must be true of any arena's figures at any time. */
void assert_figures_agree(const harena *arena, bool counted);

#endif
