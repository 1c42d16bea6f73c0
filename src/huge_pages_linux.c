#include <sys/mman.h>

#include "source.h"

void harena__ask_for_huge_pages(void *memory, size_t size) { madvise(memory, size, MADV_HUGEPAGE); }
