/* Blocks of the heap: which one an address lies in, and whether it lives. */
#ifndef HARENA_INSTRUMENT_HEAP_BLOCKS_H
#define HARENA_INSTRUMENT_HEAP_BLOCKS_H

#include <stddef.h>

#include "range.h"

typedef enum harena__heap_verdict {
  HARENA__NOT_HEAP, /* no allocator's memory, as far as can be told */
  HARENA__HEAP_LIVE,
  HARENA__HEAP_DEAD,  /* freed, or an allocator's own */
  HARENA__HEAP_UNSURE /* an allocator's memory, of which nothing is known */
} harena__heap_verdict;

typedef struct harena__heap_block {
  uintptr_t start; /* 0: the bounds are not known */
  size_t size;
} harena__heap_block;

/* Asks the sanitizer or memcheck; else walks glibc's chunks, from the start of `heap`, which is the
 * one that grows by brk(), of the arena of a thread, or of `mapping`, which holds the address.
 * A walk that does not end where it must has read something else. Reads nothing that may be gone.
 * Not for two threads at once. */
harena__heap_verdict harena__find_heap_block(uintptr_t address, harena__range heap,
                                             harena__range mapping, harena__heap_block *out);

/* Called once, at load: glibc's fast bins do not tell freed blocks from live ones. */
void harena__prepare_heap(void);

/* Where a live block was allocated, if a sanitizer knows; the number of frames. */
size_t harena__heap_block_stack(uintptr_t address, uintptr_t *frames, size_t capacity);

#endif
