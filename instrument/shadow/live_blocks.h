/* The live blocks that memcheck was told of, as plain pointers.
 *
 * memcheck counts pool blocks in its leak check. A live arena's block whose pointers the program
 * has dropped is no leak, it goes with the arena; that is what memcheck concludes as long as it
 * finds a pointer to it, here. And an end may be told to it once only. */
#ifndef HARENA_INSTRUMENT_LIVE_BLOCKS_H
#define HARENA_INSTRUMENT_LIVE_BLOCKS_H

#include <stdbool.h>

/* Once, before the first use: makes forked children able to go on. */
void harena__live_blocks_start(void);

/* Remembers a block; nothing happens when there is no memory for that, or when it is known.
 * Thread-safe. */
void harena__live_block_add(void *block);

/* Forgets a block; whether it was known. Thread-safe. */
bool harena__live_block_remove(const void *block);

#endif
