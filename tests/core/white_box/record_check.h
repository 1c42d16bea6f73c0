/* What src/record.h says is always true between calls. */
#ifndef CORE_TEST_RECORD_CHECK_H
#define CORE_TEST_RECORD_CHECK_H

#include <harena/arena.h>

/* Checks the records of the arena's whole family; fails the test at the first thing that is
 * wrong. */
void check_record(const harena *arena);

#endif
