/* For systems that place huge pages on their own, or have none. */
#include "source.h"

void harena__ask_for_huge_pages(void *memory, size_t size) {
  (void)memory;
  (void)size;
}
