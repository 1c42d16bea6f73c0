#include "record_check.h"

#include <stdlib.h>

#include "core_test.h"
#include "record.h"
#include "window.h"

enum { MOST_CHUNKS = 10000, MOST_FREE_BLOCKS = 4000, LOOK_AT = 4096 };

static bool is_rounded(const void *address) { return is_aligned(address, HARENA__GRANULE); }

static bool is_watched(const harena__arena *arena) {
  return (arena->closed & HARENA__WATCHED) != 0;
}

static char *true_end(const harena__chunk *chunk) {
  return chunk->memory + harena__round_down(chunk->size);
}

static bool is_listed(const harena__chunk *list, const harena__chunk *chunk) {
  for (size_t n = 0; list && n < MOST_CHUNKS; n++, list = list->older) {
    if (list == chunk) {
      return true;
    }
  }
  return false;
}

/* ---- Chunks ---- */

static void check_chunk(const harena__chunk *chunk) {
  assert_true(is_aligned(chunk->memory, 16));
  assert_true(is_rounded(chunk->start));
  assert_true(is_rounded(chunk->end));
  assert_true(is_rounded(chunk->fill));
  assert_true(chunk->memory < chunk->start);
  assert_true(chunk->start <= chunk->end);
  assert_true(chunk->end <= true_end(chunk));
}

/* Where a chunk in use goes back to lies in one below it. */
static void check_resumption(const harena__chunk *chunk) {
  const harena__chunk *resumed = chunk->resume_chunk;
  assert_true(is_listed(chunk->older, resumed));
  assert_true(resumed->start <= chunk->resume_cursor);
  assert_true(chunk->resume_cursor <= resumed->end);
}

static size_t check_stack(const harena__arena *arena) {
  size_t bytes = 0;
  bool above_current = true;
  for (const harena__chunk *chunk = arena->top; chunk; chunk = chunk->older) {
    check_chunk(chunk);
    above_current = above_current && chunk != arena->current;
    if (chunk != &arena->first) {
      check_resumption(chunk);
    }
    if (chunk != arena->current) {
      assert_true(chunk->start <= chunk->fill && chunk->fill <= chunk->end);
    }
    bytes += chunk->size;
  }
  assert_false(above_current);
  assert_true(is_listed(arena->top, &arena->first));
  return bytes;
}

static void check_bottom(const harena__arena *arena) {
  if (arena->top != &arena->first) {
    assert_true(is_listed(arena->top, arena->bottom));
    assert_ptr_equal(arena->bottom->older, &arena->first);
  }
}

/* All of a long stretch would take too long: both of its ends. */
static void check_zero(const char *from, const char *to) {
  if (from < to) {
    size_t size = harena__min(harena__distance(from, to), LOOK_AT);
    assert_zero(from, size);
    assert_zero(to - size, size);
  }
}

static size_t check_spares(const harena__arena *arena) {
  size_t bytes = 0;
  for (const harena__chunk *chunk = arena->spare; chunk; chunk = chunk->older) {
    check_chunk(chunk);
    assert_false(is_listed(arena->top, chunk));
    assert_true(chunk->clean <= chunk->end);
    if (!is_watched(arena)) {
      check_zero(chunk->start, chunk->clean);
    }
    bytes += chunk->size;
  }
  return bytes;
}

/* Where children take their chunks elsewhere, a child counts its own children's as if it held
 * them. */
static void check_chunks(const harena__arena *arena) {
  size_t bytes = check_stack(arena) + check_spares(arena);
  bool counts_children = is_watched(arena) && arena->parent;
  assert_true(bytes == arena->reserved ||
              (counts_children && bytes + arena->pinned == arena->reserved));
  check_bottom(arena);
}

/* ---- The window and the figures ---- */

static void check_window(const harena__arena *arena) {
  const harena *head = &arena->head;
  size_t room = harena__distance(head->cursor, arena->current->end);
  assert_true(is_rounded(head->cursor));
  assert_true(is_rounded(head->limit));
  assert_true(is_rounded(head->zeroed));
  assert_true(arena->current->start <= head->cursor);
  assert_true(head->cursor <= head->limit);
  assert_true(head->limit <= arena->current->end);
  assert_true(arena->settled_at <= head->cursor);
  if (arena->closed) {
    assert_ptr_equal(head->limit, head->cursor);
    assert_true(head->zeroed <= head->cursor);
  } else {
    size_t open = harena__min(room, harena__round_down(harena__headroom(arena)));
    assert_int_equal(harena__distance(head->cursor, head->limit), open);
  }
}

static void check_zeroed(const harena__arena *arena) {
  assert_true(arena->head.zeroed <= arena->current->end);
  if (!is_watched(arena)) {
    check_zero(arena->head.cursor, arena->head.zeroed);
  }
}

static void check_figures(const harena__arena *arena) {
  size_t now = harena__used(arena);
  assert_true(now <= arena->limit);
  assert_true(now < SIZE_MAX / 8 * 7); /* not below 0; a block may be half of all addresses */
  assert_int_equal(now % HARENA__GRANULE, 0);
  assert_true(!harena__is_exact(arena) || arena->data <= now);
  assert_int_equal(arena->busy, 0);
  assert_int_equal(arena->closed & HARENA__BUSY, 0);
}

/* ---- Marks, cleanups ---- */

static void check_epochs(const harena__arena *arena) {
  bool closed = arena->newest_mark || is_watched(arena);
  assert_true(arena->head.epoch == (closed ? HARENA_CLOSED_EPOCH : arena->epoch));
  assert_true(arena->epoch != 0 && arena->epoch != HARENA_CLOSED_EPOCH);
  assert_true(arena->epoch < arena->next_epoch);
  assert_true(arena->next_epoch <= arena->last_epoch);
}

static void check_mark(const harena__arena *arena, const harena__mark *mark) {
  assert_true(is_listed(arena->top, mark->top));
  assert_true(is_listed(mark->top, mark->current));
  assert_true(mark->current->start <= mark->cursor);
  assert_true(mark->cursor <= mark->current->end);
  assert_true(mark->settled <= harena__used(arena) - arena->pinned);
  assert_true(mark->stamp <= mark->epoch);
  assert_true(mark->epoch < arena->next_epoch);
}

/* Older marks have older stamps, less charged, and the first ones lie in the record. */
static void check_marks(const harena__arena *arena) {
  size_t left = arena->mark_count;
  for (const harena__mark *mark = arena->newest_mark; mark; mark = mark->older) {
    assert_true(left > 0);
    left--;
    check_mark(arena, mark);
    assert_true(left >= HARENA__MARKS || mark == &arena->marks[left]);
    if (mark->older) {
      assert_true(mark->older->stamp < mark->stamp);
      assert_true(mark->older->settled <= mark->settled);
      assert_true(mark->older->data <= mark->data);
    }
  }
  assert_int_equal(left, 0);
}

static bool is_in_use(const harena__arena *arena, const void *address, size_t size) {
  for (const harena__chunk *chunk = arena->top; chunk; chunk = chunk->older) {
    const char *fill = chunk == arena->current ? arena->head.cursor : chunk->fill;
    if (harena__within(chunk->start, harena__distance(chunk->start, fill), address)) {
      return (const char *)address + size <= fill;
    }
  }
  return false;
}

static void check_cleanups(const harena__arena *arena) {
  for (const harena__cleanup *entry = arena->newest_cleanup; entry; entry = entry->older) {
    assert_true(is_in_use(arena, entry, sizeof *entry));
    assert_true(entry->run != NULL);
  }
}

/* ---- Free blocks and holes ---- */

typedef struct range {
  const char *from;
  size_t size;
} range;

static range ranges[MOST_FREE_BLOCKS];
static size_t range_count;

static void add_range(const void *from, size_t size) {
  assert_true(range_count < MOST_FREE_BLOCKS);
  ranges[range_count++] = (range){from, size};
}

static int by_address(const void *a, const void *b) {
  const range *x = a;
  const range *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

static void check_ranges_apart(void) {
  qsort(ranges, range_count, sizeof *ranges, by_address);
  for (size_t i = 1; i < range_count; i++) {
    assert_true(ranges[i - 1].from + ranges[i - 1].size <= ranges[i].from);
  }
}

static size_t smallest_of_list(size_t list) { return (size_t)HARENA__GRANULE << list; }

static void check_free_lists(const harena__arena *arena) {
  range_count = 0;
  for (size_t list = 0; list < HARENA__FREE_LISTS; list++) {
    const harena__free_block *block = arena->free_lists[list];
    for (; block; block = block->next) {
      size_t size = list == 0 ? HARENA__GRANULE : block->size;
      assert_true(size >= smallest_of_list(list));
      assert_true(list == HARENA__FREE_LISTS - 1 || size < smallest_of_list(list + 1));
      assert_true(is_rounded(block));
      assert_true(is_in_use(arena, block, size));
      add_range(block, size);
    }
  }
  check_ranges_apart();
}

static bool is_carved(const harena__chunk *list, const void *address, size_t size) {
  for (; list; list = list->older) {
    const char *end = true_end(list);
    if (harena__within(list->end, harena__distance(list->end, end), address)) {
      return (const char *)address + size <= end;
    }
  }
  return false;
}

static void check_carved(const harena__arena *parent, const char *memory, size_t size) {
  assert_true(is_carved(parent->top, memory, size) || is_carved(parent->spare, memory, size));
  add_range(memory, size);
}

static void check_carved_list(const harena__arena *parent, const harena__chunk *list) {
  for (; list; list = list->older) {
    check_carved(parent, list->memory, list->size);
  }
}

/* What children hold and the holes between are apart, and lie at the ends of the parent's
 * chunks. */
static void check_far_ends(const harena__arena *parent) {
  range_count = 0;
  for (const harena__free_block *hole = parent->holes; hole; hole = hole->next) {
    check_carved(parent, (const char *)hole, hole->size);
  }
  for (harena__arena *child = parent->youngest_child; child; child = child->older_sibling) {
    check_carved_list(parent, child->top);
    check_carved_list(parent, child->spare);
  }
  check_ranges_apart();
}

/* ---- The family ---- */

static void check_child(const harena__arena *parent, const harena__arena *child) {
  assert_ptr_equal(child->parent, parent);
  assert_true(child->child_number <= parent->children_opened);
  if (child->older_sibling) {
    assert_ptr_equal(child->older_sibling->younger_sibling, child);
    assert_true(child->older_sibling->child_number < child->child_number);
  }
}

static void check_arena(const harena__arena *arena) {
  size_t held = 0;
  check_chunks(arena);
  check_window(arena);
  check_zeroed(arena);
  check_figures(arena);
  check_epochs(arena);
  check_marks(arena);
  check_cleanups(arena);
  check_free_lists(arena);
  for (harena__arena *child = arena->youngest_child; child; child = child->older_sibling) {
    check_child(arena, child);
    check_arena(child);
    held += child->reserved;
  }
  assert_int_equal(arena->pinned, held);
  if (!is_watched(arena)) {
    check_far_ends(arena);
  }
}

void check_record(const harena *handle) {
  const harena__arena *arena = harena__record(handle);
  while (arena->parent) {
    arena = arena->parent;
  }
  check_arena(arena);
}
