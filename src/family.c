#include "family.h"

#include "chunk.h"
#include "hooks.h"
#include "lifetime.h"
#include "window.h"

enum { CARVE_ALIGN = 16 };

/* ---- Memory ---- */

/* First fit, from the end of a hole, so that what is left needs no new link. Sizes are multiples
 * of 16. */
static char *take_hole(harena__arena *parent, size_t size) {
  harena__free_block **link = &parent->holes;
  while (*link && (*link)->size < size) {
    link = &(*link)->next;
  }
  harena__free_block *hole = *link;
  if (!hole) {
    return NULL;
  }
  hole->size -= size;
  if (hole->size == 0) {
    *link = hole->next;
  }
  return (char *)hole + hole->size;
}

/* From the end of a chunk whose blocks end at `fill`. */
static char *carve_chunk(harena__chunk *chunk, const char *fill, size_t size) {
  size_t room = harena__distance(fill, chunk->end);
  size_t sliver = (uintptr_t)chunk->end & (CARVE_ALIGN - 1);
  if (size > room || sliver > room - size) {
    return NULL;
  }
  chunk->end -= size + sliver;
  if (chunk->clean > chunk->end) {
    chunk->clean = chunk->end;
  }
  return chunk->end;
}

static char *carve_current(harena__arena *parent, size_t size) {
  char *memory = carve_chunk(parent->current, parent->head.cursor, size);
  if (memory && parent->head.zeroed > memory) {
    parent->head.zeroed = memory;
  }
  return memory;
}

/* A kept or new chunk stays among the kept ones: the parent goes on where it is. */
static char *carve_kept(harena__arena *parent, size_t size, harena_status *status) {
  harena__chunk *chunk = harena__find_chunk(parent, size + CARVE_ALIGN, status);
  if (!chunk) {
    return NULL;
  }
  char *memory = carve_chunk(chunk, chunk->start, size);
  harena__keep_chunk(parent, chunk);
  return memory;
}

static char *carve(harena__arena *parent, size_t size, harena_status *status) {
  char *memory = take_hole(parent, size);
  memory = memory ? memory : carve_current(parent, size);
  memory = memory ? memory : carve_kept(parent, size, status);
  if (memory) {
    harena__link_opened(parent, memory, size);
  }
  return memory;
}

static void charge(harena__arena *arena, size_t size) {
  harena__settle(arena);
  arena->pinned += size;
  harena__settle(arena);
  harena__open_window(arena);
}

static void refund(harena__arena *arena, size_t size) {
  harena__settle(arena);
  arena->pinned -= size;
  harena__open_window(arena);
}

static bool have_headroom(const harena__arena *arena, size_t size) {
  while (arena && size <= harena__headroom(arena)) {
    arena = arena->parent;
  }
  return arena == NULL;
}

/* A chunk that does not come out of the parent's own memory is charged all the way up, as if each
 * had taken it from the next. */
static char *take_apart(harena__arena *parent, const harena_source *source, size_t size,
                        harena_status *status) {
  *status = HARENA_LIMIT;
  size_t taken = size;
  char *memory = have_headroom(parent, size) ? harena__acquire_from(source, &taken, status) : NULL;
  for (harena__arena *arena = memory ? parent : NULL; arena; arena = arena->parent) {
    charge(arena, size);
    arena->reserved += arena->parent ? size : 0;
  }
  return memory;
}

static void return_apart(harena__arena *parent, const harena_source *source, char *memory,
                         size_t size) {
  source->release(source->context, memory, size);
  for (harena__arena *arena = parent; arena; arena = arena->parent) {
    refund(arena, size);
    arena->reserved -= arena->parent ? size : 0;
  }
}

char *harena__take_from_parent(harena__arena *parent, size_t size, harena_status *status) {
  HARENA__VISIT(parent);
  const harena_source *apart = harena__child_source(parent);
  if (apart) {
    return take_apart(parent, apart, size, status);
  }
  *status = HARENA_LIMIT;
  harena__settle(parent);
  char *memory = size <= harena__headroom(parent) ? carve(parent, size, status) : NULL;
  if (memory) {
    charge(parent, size);
  }
  return memory;
}

static char *true_end(const harena__chunk *chunk) {
  return chunk->memory + harena__round_down(chunk->size);
}

static bool are_adjacent(const harena__free_block *hole, const harena__free_block *next) {
  return next && (const char *)hole + hole->size == (const char *)next;
}

static void merge_with_next(harena__free_block *hole) {
  if (are_adjacent(hole, hole->next)) {
    hole->size += hole->next->size;
    hole->next = hole->next->next;
  }
}

/* Holes are kept in order of address, and no two touch. */
static void add_hole(harena__arena *parent, char *memory, size_t size) {
  harena__free_block *before = NULL;
  harena__free_block **link = &parent->holes;
  while (*link && (char *)*link < memory) {
    before = *link;
    link = &before->next;
  }
  harena__link_opened(parent, memory, sizeof(harena__free_block));
  harena__free_block *hole = (harena__free_block *)(void *)memory;
  *hole = (harena__free_block){*link, size};
  *link = hole;
  merge_with_next(hole);
  if (before) {
    merge_with_next(before);
  }
}

/* The hole at the end of the chunk's own part becomes part of it again. */
static void absorb_hole(harena__arena *parent, harena__chunk *chunk) {
  harena__free_block **link = &parent->holes;
  while (*link && (char *)*link != chunk->end) {
    link = &(*link)->next;
  }
  if (*link) {
    chunk->end += (*link)->size;
    *link = (*link)->next;
  }
  if (harena__distance(chunk->end, true_end(chunk)) < CARVE_ALIGN) {
    chunk->end = true_end(chunk);
  }
}

static void return_carved(harena__arena *parent, char *memory, size_t size) {
  harena__chunk *chunk = harena__chunk_of(parent->top, memory);
  if (!chunk) {
    chunk = harena__chunk_of(parent->spare, memory);
  }
  add_hole(parent, memory, size);
  absorb_hole(parent, chunk);
}

void harena__return_to_parent(harena__arena *parent, char *memory, size_t size) {
  const harena_source *apart = harena__child_source(parent);
  if (apart) {
    return_apart(parent, apart, memory, size);
  } else {
    return_carved(parent, memory, size);
    refund(parent, size);
  }
}

static void restore_ends(harena__chunk *list) {
  for (; list; list = list->older) {
    list->end = true_end(list);
  }
}

void harena__uncarve(harena__arena *arena) {
  restore_ends(arena->top);
  restore_ends(arena->spare);
  arena->holes = NULL;
}

/* ---- The tree ---- */

void harena__join_parent(harena__arena *child) {
  harena__arena *parent = child->parent;
  HARENA__VISIT(parent);
  child->child_number = ++parent->children_opened;
  child->older_sibling = parent->youngest_child;
  if (child->older_sibling) {
    child->older_sibling->younger_sibling = child;
  }
  parent->youngest_child = child;
}

void harena__leave_parent(harena__arena *child) {
  if (child->younger_sibling) {
    child->younger_sibling->older_sibling = child->older_sibling;
  } else {
    child->parent->youngest_child = child->older_sibling;
  }
  if (child->older_sibling) {
    child->older_sibling->younger_sibling = child->younger_sibling;
  }
}

void harena__close_children_after(harena__arena *arena, uint64_t number) {
  while (arena->youngest_child && arena->youngest_child->child_number > number) {
    harena__end_arena(arena->youngest_child);
  }
}

static void set_busy(harena__arena *arena, bool busy) {
  arena->busy += busy ? 1U : -1U;
  harena__settle(arena);
  harena__close_window(arena, HARENA__BUSY, arena->busy != 0);
}

static void set_descendants_busy(harena__arena *arena, bool busy) {
  for (harena__arena *child = arena->youngest_child; child; child = child->older_sibling) {
    set_busy(child, busy);
    set_descendants_busy(child, busy);
  }
}

void harena__set_busy(harena__arena *arena, bool busy) {
  harena__arena *ancestor = arena;
  do {
    set_busy(ancestor, busy);
    ancestor = ancestor->parent;
  } while (ancestor);
  set_descendants_busy(arena, busy);
}
