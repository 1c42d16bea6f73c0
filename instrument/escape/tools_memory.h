/* What a sanitizer or Valgrind has mapped for itself. */
#ifndef HARENA_INSTRUMENT_TOOLS_MEMORY_H
#define HARENA_INSTRUMENT_TOOLS_MEMORY_H

#include <stddef.h>

#include "range.h"

/* Whether a mapping is a tool's shadow or the like, where no pointers of the program are. */
bool harena__is_tools_memory(harena__range mapping);

/* Whether ThreadSanitizer's malloc has this memory, which it leaves as it was when it is freed. */
bool harena__is_tsan_heap(uintptr_t address);

/* Under ASan local variables may lie in memory of its own, in fake frames. Whether `slot` is there, or
 * on a stack, and the name of the variable, cut to `size`. */
bool harena__find_in_frame(uintptr_t slot, char *name, size_t size);

/* Whether a word may be read as the program's: not poisoned, not freed, written once. */
bool harena__is_programs_word(uintptr_t slot);

#endif
