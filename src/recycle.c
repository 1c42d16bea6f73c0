#include "recycle.h"

#include <string.h>

#include "hooks.h"

/* How many blocks of a list are looked at: lists double in size, so a fit is near the front or the
 * next list has one. */
enum { PROBES = 8 };

/* List 0 holds 8 bytes, list n sizes from 8 << n up to the next list's; the last one everything
 * above. */
static unsigned list_of(size_t span) {
  unsigned list = 0;
  for (size_t size = span / HARENA__GRANULE; size > 1 && list < HARENA__FREE_LISTS - 1; size /= 2) {
    list++;
  }
  return list;
}

static size_t size_in(const harena__free_block *block, unsigned list) {
  return list == 0 ? HARENA__GRANULE : block->size;
}

/* Where blocks keep a distance, the link must keep it as well: too small a piece is lost until
 * clear. */
static bool holds_link(const harena__arena *arena, size_t span) {
  return span >= harena__span(arena, harena__min(span, sizeof(harena__free_block)));
}

void harena__recycle(harena__arena *arena, void *block, size_t span) {
  if (!holds_link(arena, span)) {
    return;
  }
  unsigned list = list_of(span);
  harena__free_block *freed = block;
  harena__link_opened(arena, block, harena__min(span, sizeof *freed));
  freed->next = arena->free_lists[list];
  if (list > 0) {
    freed->size = span;
  }
  arena->free_lists[list] = freed;
}

static char *take_from(harena__arena *arena, unsigned list, size_t span, size_t align) {
  harena__free_block **link = &arena->free_lists[list];
  for (int probe = 0; *link && probe < PROBES; probe++, link = &(*link)->next) {
    harena__free_block *block = *link;
    size_t size = size_in(block, list);
    if (size < span || harena__padding((char *)block, align) != 0) {
      continue;
    }
    *link = block->next;
    if (size > span) {
      harena__recycle(arena, (char *)block + span, size - span);
    }
    return (char *)block;
  }
  return NULL;
}

char *harena__take_recycled(harena__arena *arena, size_t span, size_t align) {
  char *block = NULL;
  for (unsigned list = list_of(span); !block && list < HARENA__FREE_LISTS; list++) {
    block = take_from(arena, list, span, align);
  }
  return block;
}

void harena__forget_recycled(harena__arena *arena) {
  memset(arena->free_lists, 0, sizeof arena->free_lists);
}
