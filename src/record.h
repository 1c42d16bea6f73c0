/* The arena's private record, and what is always true of it between calls.
 *
 * The record sits at the front of the arena's first chunk. Chunks in use form a stack, newest on
 * top; chunks kept over a clear form a list in the order in which they will be refilled.
 *
 *     top -> chunk -> ... -> current -> ... -> first        (linked by `older`)
 *     spare -> chunk -> chunk
 *
 * Blocks come from the current chunk. A request that does not fit and would leave more room there
 * than in a chunk of its own gets a side chunk: it goes on top of the stack, and `current` stays.
 * So the top is either the current chunk or a side chunk with one block.
 *
 * Invariants:
 *   cursor, limit, zeroed, start, end and fill are multiples of 8
 *   current->start <= head.cursor <= head.limit <= current->end
 *   used == pinned + settled + (head.cursor - settled_at) <= limit
 *   reach - head.cursor <= limit - used
 *   head.epoch == HARENA_CLOSED_EPOCH while a mark is active or the arena is watched
 */
#ifndef HARENA_SRC_RECORD_H
#define HARENA_SRC_RECORD_H

#include <harena/arena.h>

#include "size.h"

typedef struct harena__arena harena__arena;

typedef struct harena__chunk harena__chunk;
struct harena__chunk {
  harena__chunk *older;        /* next in the stack or in the spare list */
  char *start;                 /* where its blocks begin */
  char *end;                   /* where they must end; lowered by what children hold */
  char *fill;                  /* where they do end, unless the chunk is current */
  char *clean;                 /* [start, clean) of a spare chunk is known to be zero */
  char *aside;                 /* the block that a side chunk was taken for */
  harena__chunk *resume_chunk; /* current chunk and cursor when this chunk was taken */
  char *resume_cursor;
  char *memory; /* as acquired */
  size_t size;
};

/* A cleanup that waits for the end of what came before it. */
typedef struct harena__cleanup harena__cleanup;
struct harena__cleanup {
  harena__cleanup *older;
  void (*run)(void *context);
  void *context;
};

/* An active mark: where the arena was, and the epoch of the blocks allocated since. */
typedef struct harena__mark harena__mark;
struct harena__mark {
  harena__mark *older;
  uint64_t stamp;
  uint64_t epoch;
  harena__chunk *top;
  harena__chunk *current;
  char *cursor;
  size_t settled;
  size_t data;
  harena__cleanup *cleanup;
  uint64_t children;
};

/* A freed block that waits to be used again. The smallest one, of 8 bytes, has no room for `size`;
 * its list holds that size only. */
typedef struct harena__free_block harena__free_block;
struct harena__free_block {
  harena__free_block *next;
  size_t size;
};

/* Why the window is closed; it is open when no bit is set. */
enum { HARENA__COUNTED = 1, HARENA__WATCHED = 2, HARENA__BUSY = 4 };

enum {
  HARENA__MARKS = 8,      /* in the record; more lie in the arena */
  HARENA__FREE_LISTS = 14 /* of blocks of 8, 16.., 32.., up to 64 KiB and over */
};

struct harena__arena {
  harena head;

  harena__chunk *current;
  char *reach; /* where the window would end if nothing closed it but counting or watching */
  void *watch; /* the watcher's own; nothing here looks at it */
  harena__chunk *top;
  harena__chunk *bottom; /* the first chunk on the stack above `first`, when there is one */
  harena__chunk *spare;
  char *settled_at; /* the cursor when `settled` was true, and what was stepped over uncharged */
  size_t settled;   /* charged for the arena's own blocks */
  size_t pinned;    /* charged for chunks of children */
  size_t limit;     /* SIZE_MAX: none */
  size_t data;
  size_t peak;
  size_t reserved;
  uint64_t allocations;
  uint64_t chunks_acquired;
  uint64_t clears;

  uint64_t epoch;       /* of blocks older than every mark */
  uint64_t first_epoch; /* ever taken */
  uint64_t next_epoch;
  uint64_t last_epoch;
  harena__mark *newest_mark;
  size_t mark_count;
  harena__cleanup *newest_cleanup;

  harena__arena *parent;
  harena__arena *youngest_child;
  harena__arena *older_sibling;
  harena__arena *younger_sibling;
  uint64_t children_opened;
  uint64_t child_number;     /* its place among the parent's children */
  harena__free_block *holes; /* given back by children, outside every chunk's [start, end) */

  harena_source source;
  size_t retain_limit;
  size_t next_chunk_size; /* 0: not chosen yet */
  size_t buffer_size;     /* of a fixed arena; else 0 */
  unsigned flags;
  unsigned closed;
  unsigned busy; /* cleanups running here or in the family */
  harena_status status;

  harena__free_block *free_lists[HARENA__FREE_LISTS];
  harena__chunk first; /* from here on nothing is zeroed at open */
  harena__mark marks[HARENA__MARKS];
  char name[64];
};

_Static_assert(sizeof(harena__arena) <= HARENA_OVERHEAD, "the record must fit its overhead");

/* The same on every machine, as it counts against limits. */
enum { HARENA__CLEANUP_CHARGE = 24 };
_Static_assert(sizeof(harena__cleanup) <= HARENA__CLEANUP_CHARGE, "a cleanup must fit its charge");

static inline harena__arena *harena__record(const harena *arena) {
  return (harena__arena *)(uintptr_t)arena;
}

static inline bool harena__is_fixed(const harena__arena *arena) { return arena->buffer_size != 0; }

/* Whether data and allocations are counted one by one. */
static inline bool harena__is_exact(const harena__arena *arena) {
  return (arena->closed & (HARENA__COUNTED | HARENA__WATCHED)) != 0;
}

#endif
