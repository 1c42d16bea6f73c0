/* Where redzones lie when each block has pages of its own. */
#include "layout.h"

size_t harena__fenced_span(size_t size) {
  return harena__round_up_to_page(size) + harena__page_size();
}

size_t harena__fenced_back_redzone(const harena__entry *entry) {
  const char *end = harena__unhide(entry->hidden_block) + entry->size;
  size_t page = harena__page_size();
  return harena__padding(end, page) + (entry->guarded ? 0 : page);
}

size_t harena__fenced_front_redzone(const char *block) {
  size_t inside = (uintptr_t)block & (harena__page_size() - 1);
  return harena__min(inside, HARENA__UNDERRUN_REACH);
}
