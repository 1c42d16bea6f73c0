/* What a sanitizer or Valgrind has mapped for itself. */
#ifndef HARENA_INSTRUMENT_TOOLS_MEMORY_H
#define HARENA_INSTRUMENT_TOOLS_MEMORY_H

#include "range.h"

/* Whether a mapping is a tool's shadow or the like, where no pointers of the program are. */
bool harena__is_tools_memory(harena__range mapping);

/* Whether ThreadSanitizer's malloc has this memory, which it leaves as it was when it is freed. */
bool harena__is_tsan_heap(uintptr_t address);

/* Whether a word may be read as the program's: not poisoned, not freed, written once. */
bool harena__is_programs_word(uintptr_t slot);

#endif
