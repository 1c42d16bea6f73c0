/* What the cage and the back ends stand on, made visible: a ledger that notes regions, options
 * that a test sets, and an explanation of bad accesses that only says that it was asked. */
#ifndef HARENA_TESTS_SURROUNDINGS_H
#define HARENA_TESTS_SURROUNDINGS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/options.h"

/* Read by the first call of harena__option(). */
extern harena__options surrounding_options;

/* Regions added and not dropped. */
extern _Atomic size_t regions_known;

/* The start of the last region that was dropped. */
extern _Atomic(char *) region_dropped_last;

/* Makes the ledger show a block. */
void note_block(void *block);
void forget_blocks(void);

/* Runs `body` in a child process and returns its wait status. In the child, what cmocka would
 * count must be asked with require(), which ends the child with code 1. */
int in_child(void (*body)(void));
void require_that(bool condition, const char *text, int line);
#define require(condition) require_that(condition, #condition, __LINE__)

/* The same with the child's stderr in `text`, cut to its size. */
int in_child_captured(void (*body)(void), char *text, size_t size);

/* Fails the test unless the child ended with code 0. */
void assert_child(void (*body)(void));

/* Which tool the test program was built for. */
bool is_plain(void); /* none, and not on Valgrind either */
bool is_tsan(void);

/* Reads one byte in a way no compiler and no tool overlooks. */
char read_byte(const char *address);
void write_byte(char *address, char value);

#endif
