/* The layout of glibc's heaps, as far as it tells live blocks from freed ones. It is no interface,
 * but has been the same since 2.30; what does not look like it is said to be unknown. */
#ifndef HARENA_INSTRUMENT_GLIBC_HEAP_H
#define HARENA_INSTRUMENT_GLIBC_HEAP_H

#include "escape/heap_blocks.h"

harena__heap_verdict harena__find_in_brk_heap(uintptr_t address, harena__range heap,
                                              harena__heap_block *out);

/* A thread's arena lies in aligned heaps of 64 MiB. */
harena__heap_verdict harena__find_in_arena_heap(uintptr_t address, harena__range heap,
                                                harena__range mapping, harena__heap_block *out);

/* Large blocks are mappings of their own, one or several side by side. */
harena__heap_verdict harena__find_mapped_block(uintptr_t address, harena__range mapping,
                                               harena__heap_block *out);

#endif
