#include "chunk.h"

#include <string.h>

#include "family.h"
#include "hooks.h"
#include "window.h"

enum {
  CHUNK_ALIGN = 16,
  CHUNK_HEADER = (sizeof(harena__chunk) + CHUNK_ALIGN - 1) / CHUNK_ALIGN * CHUNK_ALIGN
};

/* Chunks double up to here: large enough that taking one costs nothing beside touching it, small
 * enough that the unused part of the last one does not matter. */
static const size_t largest_chunk = (size_t)8 << 20;
static const size_t largest_huge_chunk = (size_t)64 << 20;
static const size_t smallest_chunk = 8192;
static const size_t smallest_huge_chunk = (size_t)2 << 20;

/* Above this, several chunks are as good as one. */
static const size_t coalesce_below = (size_t)1 << 20;

/* The bytes of a chunk that are not for blocks, at most. */
static size_t chunk_overhead(const harena__arena *arena) {
  return CHUNK_HEADER + harena__span(arena, 0);
}

void harena__describe_chunk(harena__chunk *chunk, char *memory, size_t size, size_t overhead) {
  chunk->memory = memory;
  chunk->size = size;
  chunk->start = memory + overhead;
  chunk->end = memory + harena__round_down(size);
  chunk->fill = chunk->start;
  chunk->clean = chunk->start;
  chunk->older = NULL;
  chunk->aside = NULL;
  chunk->resume_chunk = NULL;
  chunk->resume_cursor = NULL;
}

static void give_back(harena__arena *arena, char *memory, size_t size) {
  arena->reserved -= size;
  if (arena->parent) {
    harena__return_to_parent(arena->parent, memory, size);
  } else {
    arena->source.release(arena->source.context, memory, size);
  }
}

static void release_chunk(harena__arena *arena, harena__chunk *chunk) {
  char *memory = chunk->memory;
  size_t size = chunk->size;
  harena__chunk_leaving(arena, memory, size);
  give_back(arena, memory, size);
}

char *harena__acquire_from(const harena_source *source, size_t *size, harena_status *status) {
  size_t asked = *size;
  char *memory = source->acquire(source->context, size, CHUNK_ALIGN);
  *status = HARENA_NO_MEMORY;
  if (memory && (*size < asked || harena__padding(memory, CHUNK_ALIGN) != 0)) {
    source->release(source->context, memory, *size);
    return NULL;
  }
  return memory;
}

static char *acquire(harena__arena *arena, size_t *size, harena_status *status) {
  if (arena->parent) {
    return harena__take_from_parent(arena->parent, *size, status);
  }
  *status = HARENA_NO_MEMORY;
  return arena->source.acquire ? harena__acquire_from(&arena->source, size, status) : NULL;
}

/* The preferred size first; if that is refused, just what is needed. */
static char *acquire_between(harena__arena *arena, size_t minimum, size_t *size,
                             harena_status *status) {
  size_t preferred = *size;
  char *memory = acquire(arena, size, status);
  if (!memory && preferred > minimum) {
    *size = minimum;
    memory = acquire(arena, size, status);
  }
  return memory;
}

static size_t round_up_chunk(size_t size) {
  return harena__sum(size, CHUNK_ALIGN - 1) & ~(size_t)(CHUNK_ALIGN - 1);
}

static size_t largest_of(const harena__arena *arena) {
  return arena->flags & HARENA_HUGE_PAGES ? largest_huge_chunk : largest_chunk;
}

/* As much as there is, rounded up to a power of two. */
static size_t size_for_reserved(const harena__arena *arena) {
  bool huge = (arena->flags & HARENA_HUGE_PAGES) != 0;
  size_t size = huge ? smallest_huge_chunk : smallest_chunk;
  size_t most = harena__min(arena->reserved, largest_of(arena));
  while (size < most) {
    size *= 2;
  }
  return size;
}

/* A chunk of `preferred` bytes, or of what is needed if that is more. */
static harena__chunk *gain_chunk(harena__arena *arena, size_t room, size_t preferred,
                                 harena_status *status) {
  size_t minimum = round_up_chunk(harena__sum(room, chunk_overhead(arena)));
  size_t size = harena__max(minimum, preferred);
  char *memory = acquire_between(arena, minimum, &size, status);
  if (!memory) {
    return NULL;
  }
  arena->reserved += size;
  arena->chunks_acquired++;
  harena__chunk *chunk = (harena__chunk *)(void *)memory;
  harena__describe_chunk(chunk, memory, size, CHUNK_HEADER);
  if (!arena->parent && harena__is_fresh_zero(&arena->source, size)) {
    chunk->clean = chunk->end;
  }
  chunk->start = harena__chunk_gained(arena, memory, size, chunk->start);
  return chunk;
}

/* Chunks double. An arena that has given memory back begins again where it is, but not where memory
 * went because its addresses are used up. */
static harena__chunk *gain_usual_chunk(harena__arena *arena, size_t room, harena_status *status) {
  size_t preferred = harena__max(arena->next_chunk_size, size_for_reserved(arena));
  harena__chunk *chunk = gain_chunk(arena, room, preferred, status);
  if (chunk) {
    arena->next_chunk_size =
        harena__min(harena__max(chunk->size, preferred) * 2, largest_of(arena));
  }
  return chunk;
}

/* First fit. A request up to the largest chunk passes over the few chunks that were gained while
 * doubling; a larger one may walk the list, one step per 8 MiB held. */
static harena__chunk *find_kept(harena__arena *arena, size_t room) {
  for (harena__chunk **link = &arena->spare; *link; link = &(*link)->older) {
    harena__chunk *chunk = *link;
    if (harena__distance(chunk->start, chunk->end) >= room) {
      *link = chunk->older;
      return chunk;
    }
  }
  return NULL;
}

harena__chunk *harena__find_chunk(harena__arena *arena, size_t room, harena_status *status) {
  harena__chunk *chunk = find_kept(arena, room);
  return chunk ? chunk : gain_usual_chunk(arena, room, status);
}

void harena__push_chunk(harena__arena *arena, harena__chunk *chunk) {
  chunk->resume_chunk = arena->current;
  chunk->resume_cursor = arena->head.cursor;
  chunk->older = arena->top;
  if (arena->top == &arena->first) {
    arena->bottom = chunk;
  }
  arena->top = chunk;
}

void harena__enter_chunk(harena__arena *arena) {
  arena->current->fill = arena->head.cursor;
  arena->current = arena->top;
  harena__move_cursor(arena, arena->current->start);
  arena->head.zeroed = arena->current->clean;
  arena->current->clean = arena->current->start;
}

harena__chunk *harena__pop_chunk(harena__arena *arena) {
  harena__chunk *chunk = arena->top;
  arena->top = chunk->older;
  if (chunk == arena->current) {
    arena->current = chunk->resume_chunk;
    harena__move_cursor(arena, chunk->resume_cursor);
    arena->head.zeroed = arena->head.cursor;
  }
  return chunk;
}

/* A chunk that a child holds a part of cannot go. */
static bool is_carved(const harena__chunk *chunk) {
  return chunk->end != chunk->memory + harena__round_down(chunk->size);
}

void harena__give_up_chunk(harena__arena *arena, harena__chunk *chunk) {
  if (is_carved(chunk)) {
    harena__keep_chunk(arena, chunk);
  } else {
    release_chunk(arena, chunk);
  }
}

/* Room goes only where addresses are not reused. */
void harena__keep_chunk(harena__arena *arena, harena__chunk *chunk) {
  bool worn = harena__distance(chunk->start, chunk->end) < chunk->size / 4;
  if (worn && !is_carved(chunk)) {
    release_chunk(arena, chunk);
    return;
  }
  chunk->older = arena->spare;
  arena->spare = chunk;
}

/* A chunk that is a mark's place must stay. */
static bool may_pop(const harena__arena *arena) {
  const harena__mark *mark = arena->newest_mark;
  return arena->top != &arena->first && !(mark && mark->top == arena->top);
}

static bool is_current_empty(const harena__arena *arena) {
  return arena->top == arena->current && arena->head.cursor == arena->current->start;
}

void harena__leave_empty_chunks(harena__arena *arena) {
  while (is_current_empty(arena) && may_pop(arena)) {
    harena__chunk *chunk = harena__pop_chunk(arena);
    chunk->clean = chunk->start;
    harena__keep_chunk(arena, chunk);
  }
}

void harena__remove_chunk(harena__arena *arena, harena__chunk *chunk) {
  bool is_top = chunk == arena->top;
  *(is_top ? &arena->top : &arena->top->older) = chunk->older;
  if (chunk == arena->bottom) {
    arena->bottom = is_top ? NULL : arena->top;
  }
  chunk->clean = chunk->start;
  if (chunk->size > largest_chunk) {
    harena__give_up_chunk(arena, chunk);
  } else {
    harena__keep_chunk(arena, chunk);
  }
}

harena__chunk *harena__chunk_of(harena__chunk *list, const void *address) {
  while (list && !harena__within(list->memory, list->size, address)) {
    list = list->older;
  }
  return list;
}

/* Through a volatile pointer the wipe is not a dead store, though nobody reads the bytes again. */
void harena__wipe(const harena__arena *arena, char *from, size_t size) {
  void *(*volatile set)(void *, int, size_t) = memset;
  if (arena->flags & HARENA_ZERO_ON_CLEAR) {
    set(from, 0, size);
  }
}

char *harena__retire(harena__arena *arena, char *from, char *to, harena__end why) {
  if (arena->flags & HARENA_ZERO_ON_CLEAR) {
    harena__range_opened(arena, from, to);
    harena__wipe(arena, from, harena__distance(from, to));
  }
  return harena__range_retired(arena, from, to, why);
}

/* What was used is zero after a wipe, and with it what was clean behind it. */
static void empty_chunk(harena__arena *arena, harena__chunk *chunk, harena__end why) {
  char *fill = harena__fill(arena, chunk);
  char *clean = chunk == arena->current && arena->head.zeroed > fill ? arena->head.zeroed : fill;
  chunk->start = harena__retire(arena, chunk->start, fill, why);
  chunk->clean = arena->flags & HARENA_ZERO_ON_CLEAR ? clean : chunk->start;
  chunk->fill = chunk->start;
}

void harena__pop_chunks_above(harena__arena *arena, const harena__chunk *bottom, harena__end why) {
  while (arena->top != bottom) {
    empty_chunk(arena, arena->top, why);
    harena__keep_chunk(arena, harena__pop_chunk(arena));
  }
}

void harena__empty(harena__arena *arena, harena__end why) {
  harena__pop_chunks_above(arena, &arena->first, why);
  empty_chunk(arena, &arena->first, why);
  harena__move_cursor(arena, arena->first.start);
  arena->head.zeroed = arena->first.clean;
}

/* Goes on in the one chunk behind the first, which holds more. */
static void start_over(harena__arena *arena) {
  harena__chunk *chunk = arena->current;
  arena->first.fill = arena->first.start;
  chunk->resume_cursor = arena->first.start;
  harena__move_cursor(arena, chunk->start);
}

static void keep_all(harena__arena *arena) {
  if (arena->top != &arena->first) {
    arena->bottom->older = arena->spare;
    arena->spare = arena->top;
  }
  arena->top = &arena->first;
  arena->current = &arena->first;
  harena__move_cursor(arena, arena->first.start);
}

bool harena__empty_at_once(harena__arena *arena) {
  bool single = arena->top == arena->current && arena->top == arena->bottom;
  if (single && arena->top != &arena->first) {
    start_over(arena);
  } else if (arena->top == &arena->first || arena->reserved >= coalesce_below) {
    keep_all(arena);
  } else {
    return false;
  }
  arena->head.zeroed = arena->head.cursor;
  return true;
}

void harena__shrink_to(harena__arena *arena, size_t bytes) {
  harena__chunk **link = &arena->spare;
  while (*link && arena->reserved > bytes) {
    harena__chunk *chunk = *link;
    if (is_carved(chunk)) {
      link = &chunk->older;
      continue;
    }
    *link = chunk->older;
    release_chunk(arena, chunk);
    arena->next_chunk_size = 0;
  }
}

static bool has_carved(const harena__chunk *chunk) {
  while (chunk && !is_carved(chunk)) {
    chunk = chunk->older;
  }
  return chunk != NULL;
}

/* The new chunk is as large as the old ones together, so that the limit on what is kept holds, and
 * is taken before they are given back, so that a refusal costs nothing. The arena may then hold
 * twice as much for a moment, which is why this is for small totals. A watched arena
 * has several chunks because its addresses are not reused, and would gain nothing. */
void harena__coalesce(harena__arena *arena) {
  harena__chunk *spare = arena->spare;
  bool several = spare && spare->older && !(arena->closed & HARENA__WATCHED);
  if (!several || arena->reserved >= coalesce_below || has_carved(spare)) {
    return;
  }
  size_t total = (arena->reserved - arena->first.size) & ~(size_t)(CHUNK_ALIGN - 1);
  harena_status status;
  harena__chunk *whole = gain_chunk(arena, total - chunk_overhead(arena), 0, &status);
  if (!whole) {
    return;
  }
  harena__shrink_to(arena, arena->first.size + whole->size);
  harena__keep_chunk(arena, whole);
}
