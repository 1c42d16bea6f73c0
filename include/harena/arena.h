/* The arena: many allocations, one end.
 *
 *     harena *arena = harena_open(NULL);
 *     struct user *user = harena_new(arena, struct user);
 *     char *name = harena_strdup(arena, "Ada");
 *     harena_clear(arena);          everything is gone, the memory is kept for the next round
 *     harena_close(arena);
 *
 * Rules that hold for every function here:
 *
 * - Sizes are bytes. Size 0 is served as size 1: the result is distinct and not NULL.
 * - An alignment is a power of two from 1 to 1 GiB. Blocks are always aligned to 8 at least.
 * - A shortage or an invalid argument gives NULL or false and changes nothing;
 *   harena_last_status() tells which, and errno is ENOMEM, EDQUOT (limit) or EINVAL.
 *   With HARENA_ABORT_ON_FAILURE it gives a message to the panic handler instead.
 * - Misuse (a stale reference, a dead mark) goes to the panic handler, see
 *   harena_set_panic_handler(). A NULL arena faults, except for harena_close().
 * - One arena belongs to one thread at a time. Different arenas share nothing that is written on
 *   the way, unless one is the parent of the other: a family belongs to one thread.
 * - A block lives until its arena is cleared, closed, rewound to before it, or the block is freed.
 *
 * The instrumented build keeps all of this and watches it: a block that is touched after its end,
 * or next to its bounds, is reported with the places that allocated and ended it.
 */
#ifndef HARENA_ARENA_H
#define HARENA_ARENA_H

#include <harena/compiler.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

HARENA_BEGIN_C

/* ---- Opening and closing -------------------------------------------------------------------- */

/* An arena's head. The members are the library's own; they are shown here so that the common
 * allocation can be compiled in place. Blocks are served from the window [cursor, limit), both
 * multiples of 8; [cursor, zeroed) is known to be zero. A closed window (cursor == limit) sends
 * every call to the library: that is how limits, exact counts and the instrumented build work. */
typedef struct harena harena;
struct harena {
  char *cursor;
  char *limit;
  uint64_t epoch;
  char *zeroed;
};

/* Why a call failed. */
typedef enum harena_status {
  HARENA_OK,        /* nothing failed since open or clear */
  HARENA_NO_MEMORY, /* the source or the buffer has no more, or the size is over PTRDIFF_MAX */
  HARENA_LIMIT,     /* the limit of the arena or of an ancestor would be passed */
  HARENA_INVALID    /* an argument is out of its range, or the call is not allowed now */
} harena_status;

/* Bits of harena_options.flags. */
enum {
  HARENA_ZERO_ON_CLEAR = 1, /* wipe what ends: at clear, rewind, close, free, realloc (secrets) */
  HARENA_CLEAR_PARENT = 2,  /* clearing this arena clears its parent instead, and in place all of
                               the parent's children, which stay open; no parent: no effect */
  HARENA_COUNT = 4,         /* exact data, padding and allocation counts; every call is counted */
  HARENA_RECYCLE = 8,       /* refund freed blocks at once, and use them again when what is left
                               of the chunk does not do; not while a mark is active */
  HARENA_ABORT_ON_FAILURE = 16, /* a shortage or invalid argument is a panic, not a NULL */
  HARENA_HUGE_PAGES = 32 /* ask the system for huge pages: faster first touch of big arenas */
};

/* Where chunks come from. `acquire` returns memory of at least `*size` bytes, aligned to `align`
 * (a power of two, 16 or more), or NULL; it may give more and say so through `*size`. `release`
 * gets the same address and size back. Both must not use the arena they serve. */
typedef struct harena_source {
  void *(*acquire)(void *context, size_t *size, size_t align);
  void (*release)(void *context, void *chunk, size_t size);
  void *context;
} harena_source;

/* How an arena behaves. Zero is the default everywhere, so `{.name = "request"}` is enough. */
typedef struct harena_options {
  const char *name;            /* copied, cut to 63 bytes; shown in reports; NULL: "unnamed" */
  size_t initial_capacity;     /* bytes reserved at open; 0: a few KiB */
  size_t limit;                /* bytes that may be in use, padding included; rounded down to a
                                  multiple of 8; 0: none */
  size_t retain_limit;         /* bytes kept over a clear; 0: all; 1: only the arena's record */
  harena *parent;              /* chunks come from it */
  const harena_source *source; /* where chunks come from when there is no parent; copied; NULL: the
                                  system */
  unsigned flags;
} harena_options;

/* The bytes at the front of a caller's buffer that harena_open_in() takes for itself. */
#define HARENA_OVERHEAD 1280

/* Opens an arena. NULL options are all defaults. Returns NULL on failure with errno ENOMEM, EDQUOT
 * (a limit of the parent) or EINVAL (unknown flag, initial_capacity over limit, parent and source
 * together, a parent that is being closed or is running cleanups).
 * The arena lives until harena_close(), or until its parent is closed, cleared or rewound to before
 * this call. Cost: one chunk from the source, about 50 ns. */
HARENA_INLINE harena *harena_open(const harena_options *options);

/* Opens an arena in a caller's buffer: no heap, no system call, a capacity of
 * `size - HARENA_OVERHEAD` less the up to 15 bytes that aligning the buffer's start to 16 costs, and
 * up to 7 at its end. NULL with EINVAL when `buffer` is NULL, when less than HARENA_OVERHEAD remains,
 * or with a parent or source; with ENOMEM when initial_capacity does not fit.
 * The buffer belongs to the arena until harena_close(), which must come before the buffer dies.
 * Instrumented: the buffer holds the same blocks as in release, so there are no redzones in it;
 * what is not handed out is poisoned until close. */
HARENA_INLINE harena *harena_open_in(void *buffer, size_t size, const harena_options *options);

/* Ends every block and keeps the memory, but for what is over `retain_limit`. Children are closed
 * first, youngest first (or cleared and left open, when a child with HARENA_CLEAR_PARENT asked for
 * this); cleanups run next, newest first. The status becomes HARENA_OK. Nothing is
 * zeroed unless HARENA_ZERO_ON_CLEAR. Not allowed while the arena runs a cleanup (panic).
 * Cost: a few ns when only blocks have to end; else one step per chunk at most, and the cleanups.
 * Instrumented: the memory is poisoned, and later use is reported with this place. */
HARENA_INLINE void harena_clear(harena *arena);

/* Clears, and gives everything back. NULL is allowed. The handle is dead afterwards. Not allowed
 * while a cleanup of the arena runs (panic).
 * Instrumented: closing twice and any other use of the handle are reported. */
HARENA_INLINE void harena_close(harena *arena);

/* Gives chunks that hold no blocks back to where they came from. Cost: one release per chunk. */
HARENA_INLINE void harena_trim(harena *arena);

/* Changes the limit; 0 takes it away. False and HARENA_INVALID when `limit`, rounded down to a
 * multiple of 8, is below what is in use. */
HARENA_INLINE bool harena_set_limit(harena *arena, size_t limit);

/* ---- Allocating ----------------------------------------------------------------------------- */

/* `size` bytes with undefined contents. With a constant alignment up to 8 this is seven
 * instructions in place; 16 is in place too; larger ones and alignments known only at run time are
 * a call. Charged: `size` rounded up to 8, and the padding that an alignment over 8 needs.
 * Instrumented: the block lies between redzones, and memcheck and MSan know it as undefined. */
HARENA_INLINE void *harena_alloc(harena *arena, size_t size, size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(2), alloc_align(3));

/* The same, zeroed. Memory known to be zero is not cleared again. */
HARENA_INLINE void *harena_alloc_zeroed(harena *arena, size_t size, size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(2), alloc_align(3));

/* `count` times `size` bytes, undefined. A product over PTRDIFF_MAX is HARENA_NO_MEMORY. */
HARENA_INLINE void *harena_alloc_array(harena *arena, size_t count, size_t size, size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(2, 3), alloc_align(4));

/* The same, zeroed. */
HARENA_INLINE void *harena_alloc_array_zeroed(harena *arena, size_t count, size_t size,
                                              size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(2, 3), alloc_align(4));

/* As much of `preferred_size` as there is without a new chunk or within the limit, but never less
 * than `min_size`, for which a chunk is taken when needed. `*size` gets the block's size and is
 * unchanged on failure. HARENA_INVALID when `min_size` is over `preferred_size`. For buffers that
 * can use whatever is left. */
HARENA_INLINE void *harena_alloc_between(harena *arena, size_t min_size, size_t preferred_size,
                                         size_t align, size_t *size)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_align(4));

/* Makes `block` of `old_size` bytes `new_size` bytes long and returns its place; the first
 * min(old_size, new_size) bytes stay. The youngest block grows where it is when its chunk has room;
 * shrinking stays in place; a stronger alignment moves. `block` NULL with `old_size` 0 allocates.
 * `new_size` 0 counts as 1. New bytes are undefined. The old place of a block that moved stays
 * charged until clear, but for the youngest block and with HARENA_RECYCLE. On failure NULL, and the
 * block lives on; HARENA_INVALID for NULL with another old size. In release a wrong block or size is
 * undefined.
 * Instrumented: that is reported, and NULL; the old place is poisoned like a freed block. */
HARENA_INLINE void *harena_realloc(harena *arena, void *block, size_t old_size, size_t new_size,
                                   size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(4), alloc_align(5));

/* Ends one block of `size` bytes, as it was asked for; NULL is allowed. Refunded at once are the
 * youngest block, unless it is older than the newest mark, and with HARENA_RECYCLE all but those
 * allocated since the oldest mark; other bytes stay charged until clear. Never needed. In release a wrong
 * block or size, or a second free, is undefined.
 * Instrumented: that is reported and ignored; else the block is poisoned, and held in the quarantine
 * before it is reused. */
HARENA_INLINE void harena_free(harena *arena, void *block, size_t size);

/* A copy of `size` bytes at `source`, which may be NULL when `size` is 0. */
HARENA_INLINE void *harena_dup(harena *arena, const void *source, size_t size, size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(3), alloc_align(4));

/* A copy of a NUL-terminated string. */
HARENA_INLINE char *harena_strdup(harena *arena, const char *string)
    HARENA_ATTRIBUTE(warn_unused_result, nonnull(2));

/* A NUL-terminated copy of at most `max_length` bytes of `string`, which need not end in a NUL. */
HARENA_INLINE char *harena_strndup(harena *arena, const char *string, size_t max_length)
    HARENA_ATTRIBUTE(warn_unused_result);

/* A formatted string with its NUL, as long as needed: measured first, then printed into its block.
 * NULL also for what vsnprintf refuses (HARENA_INVALID). */
HARENA_OUT_OF_LINE char *harena_printf(harena *arena HARENA_LIFETIMEBOUND, const char *format, ...)
    HARENA_ATTRIBUTE(warn_unused_result, format(printf, 2, 3));
HARENA_INLINE char *harena_vprintf(harena *arena, const char *format, va_list arguments)
    HARENA_ATTRIBUTE(warn_unused_result, format(printf, 2, 0));

/* One object, or `count` objects, of a type. Arguments are evaluated once. */
#define harena_new(arena, T) ((T *)harena_alloc((arena), sizeof(T), HARENA_ALIGNOF(T)))
#define harena_new_zeroed(arena, T) \
  ((T *)harena_alloc_zeroed((arena), sizeof(T), HARENA_ALIGNOF(T)))
#define harena_new_array(arena, T, count) \
  ((T *)harena_alloc_array((arena), (count), sizeof(T), HARENA_ALIGNOF(T)))
#define harena_new_array_zeroed(arena, T, count) \
  ((T *)harena_alloc_array_zeroed((arena), (count), sizeof(T), HARENA_ALIGNOF(T)))

/* ---- Marks, scopes, cleanups ---------------------------------------------------------------- */

/* A place in an arena to come back to. By value; `{0}` is a dead mark. */
typedef struct harena_mark {
  const harena *arena;
  uint64_t stamp;
} harena_mark;

/* Remembers the present place. A mark is active until the arena is cleared or rewound to an earlier
 * mark. Eight need no memory; each further one is charged as a block. On shortage the result is a
 * dead mark and the status says why. */
HARENA_INLINE harena_mark harena_save(harena *arena);

/* Ends every block allocated since `mark`, closes the children opened since, and runs the cleanups
 * registered since. The mark stays active and may be rewound to again. A mark of another arena, of
 * a past generation, or one that an earlier rewind removed panics, and so does a call while a
 * cleanup of the arena runs.
 * Instrumented: the memory is poisoned, and later use is reported with this place. */
HARENA_INLINE void harena_rewind(harena *arena, harena_mark mark);

/* What HARENA_SCOPE keeps; not for direct use. */
typedef struct harena_scope {
  harena *arena;
  harena_mark mark;
  bool owned;
  bool entered;
} harena_scope;
HARENA_OUT_OF_LINE harena_scope harena_scope_enter(harena *arena);
HARENA_OUT_OF_LINE void harena_scope_leave(harena_scope *scope);

/* A block of code whose allocations end with it: HARENA_SCOPE(arena) { ... }. Rewinds on leaving by
 * any way but longjmp: its end, return, goto, break and continue (it is a loop, so those two leave
 * only the scope). Clearing the arena inside makes leaving it a dead mark. When the mark cannot be
 * had (see harena_save) the body runs and its blocks live on. */
#define HARENA_SCOPE(arena) HARENA_SCOPE_NAMED(arena, __COUNTER__)
#define HARENA_SCOPE_NAMED(arena, number) HARENA_SCOPE_LOOP(arena, number)
#define HARENA_SCOPE_LOOP(arena, number)                                                  \
  for (harena_scope harena_scope_##number HARENA_ATTRIBUTE(cleanup(harena_scope_leave)) = \
           harena_scope_enter(arena);                                                     \
       harena_scope_##number.entered; harena_scope_##number.entered = false)

/* Calls `cleanup(context)` when the arena is rewound to before this place, cleared or closed,
 * newest first. False on shortage. Charged 24 bytes. While a cleanup runs, on this arena, its
 * ancestors and its descendants: alloc, realloc, save, defer and opening a child fail
 * (HARENA_INVALID, EINVAL); rewind, clear and close panic. Instrumented: both are reported. A cleanup
 * must return: after a longjmp out of it they are refused for ever, and what these arenas hold can
 * only be given up. */
HARENA_INLINE bool harena_defer(harena *arena, void (*cleanup)(void *context), void *context)
    HARENA_ATTRIBUTE(warn_unused_result);

/* ---- References ----------------------------------------------------------------------------- */

/* A pointer that knows when it is stale: address and epoch, 16 bytes at most. {0} is the null
 * reference. */
typedef struct harena_ref {
  void *address;
  uint64_t epoch;
} harena_ref;

/* A reference to `block`, or to an address in it, which must lie in `arena`; NULL gives the null
 * reference. It is good until the arena is cleared, closed or rewound to before the block. The end
 * of one block alone (harena_free(), a realloc or a slice that moved) is noticed by the instrumented
 * build only, up to 64 KiB into the block. One compare; a call while a mark is active. */
HARENA_INLINE harena_ref harena_ref_to(harena *arena, const void *block);

/* The address. One compare; a call while a mark is active. Panics on a stale, foreign or null
 * reference.
 * Instrumented: both places, of the allocation and of its end, are reported. */
HARENA_INLINE void *harena_deref(const harena *arena, harena_ref ref);

/* The address, or NULL for a stale, foreign or null reference. */
HARENA_INLINE void *harena_try_deref(const harena *arena, harena_ref ref);

/* ---- Asking --------------------------------------------------------------------------------- */

/* Figures of one arena, in bytes and numbers. */
typedef struct harena_metrics {
  size_t used_bytes;      /* in use now: data and padding */
  size_t data_bytes;      /* of that, what callers asked for */
  size_t padding_bytes;   /* of that, rounding and alignment */
  size_t available_bytes; /* what the current chunk and the limits still give */
  size_t reserved_bytes;  /* held from the source or parent */
  size_t capacity_bytes;  /* the limit, or the buffer's size with its overhead, else SIZE_MAX */
  size_t peak_bytes;      /* the highest used_bytes since open */
  uint64_t allocations;   /* since open */
  uint64_t chunks_acquired;
  uint64_t clears;
} harena_metrics;

/* The figures now. data_bytes, padding_bytes and allocations are exact with HARENA_COUNT and in the
 * instrumented build; otherwise data_bytes is used_bytes and the other two are 0. */
HARENA_API harena_metrics harena_measure(const harena *arena);

/* The status of the last call that failed since open or clear; success does not change it. */
HARENA_API harena_status harena_last_status(const harena *arena);

/* English, static: "ok", "no memory", "over the limit", "invalid argument"; "unknown" for
 * others. */
HARENA_API const char *harena_status_string(harena_status status);

/* The name given at open. Lives as long as the arena. */
HARENA_API const char *harena_name(const harena *arena HARENA_LIFETIMEBOUND);

/* "MAJOR.MINOR.PATCH", static. */
HARENA_API const char *harena_version(void);

/* Takes the message of a misuse, or of a shortage with HARENA_ABORT_ON_FAILURE. It is called with
 * no lock held and nothing changed, so it may longjmp, but not out of a cleanup; if it returns, the
 * program aborts. */
typedef void harena_panic_handler(const char *message);

/* Installs a handler for all threads and returns the one before. NULL puts the default back, which
 * writes the message to stderr. Thread-safe. */
HARENA_API harena_panic_handler *harena_set_panic_handler(harena_panic_handler *handler);

/* ---- Out of line ---------------------------------------------------------------------------- */
/* The calls behind the inline functions: for bindings of languages that cannot inline, and for
 * nobody else. `options_size` is sizeof(harena_options) as the caller knew it: members beyond it
 * count as 0. */

HARENA_OUT_OF_LINE void harena__close(harena *arena);
HARENA_OUT_OF_LINE harena *harena_open_sized(const harena_options *options, size_t options_size)
    HARENA_CLOSED_BY(harena__close) HARENA_ATTRIBUTE(warn_unused_result);
HARENA_OUT_OF_LINE harena *harena_open_in_sized(void *buffer, size_t size,
                                                const harena_options *options, size_t options_size)
    HARENA_ATTRIBUTE(warn_unused_result);
HARENA_OUT_OF_LINE void harena__clear(harena *arena);
HARENA_OUT_OF_LINE void harena__trim(harena *arena);
HARENA_OUT_OF_LINE bool harena__set_limit(harena *arena, size_t limit);
HARENA_OUT_OF_LINE void *harena__alloc(harena *arena, size_t size, size_t align)
    HARENA_ATTRIBUTE(malloc, warn_unused_result, alloc_size(2), alloc_align(3), HARENA_COLD);
HARENA_OUT_OF_LINE void *harena__alloc_zeroed(harena *arena, size_t size, size_t align)
    HARENA_ATTRIBUTE(malloc, warn_unused_result, alloc_size(2), alloc_align(3), HARENA_COLD);
HARENA_OUT_OF_LINE void *harena__alloc_between(harena *arena, size_t min_size,
                                               size_t preferred_size, size_t align, size_t *size)
    HARENA_ATTRIBUTE(malloc, warn_unused_result, alloc_align(4));
HARENA_OUT_OF_LINE void *harena__realloc(harena *arena, void *block, size_t old_size,
                                         size_t new_size, size_t align)
    HARENA_ATTRIBUTE(warn_unused_result, alloc_size(4), alloc_align(5));
HARENA_OUT_OF_LINE void harena__free(harena *arena, void *block, size_t size);
HARENA_OUT_OF_LINE void *harena__dup(harena *arena, const void *source, size_t size, size_t align)
    HARENA_ATTRIBUTE(malloc, warn_unused_result, alloc_size(3), alloc_align(4));
HARENA_OUT_OF_LINE char *harena__strdup(harena *arena, const char *string)
    HARENA_ATTRIBUTE(malloc, warn_unused_result);
HARENA_OUT_OF_LINE char *harena__strndup(harena *arena, const char *string, size_t max_length)
    HARENA_ATTRIBUTE(malloc, warn_unused_result);
HARENA_OUT_OF_LINE char *harena__vprintf(harena *arena, const char *format, va_list arguments)
    HARENA_ATTRIBUTE(malloc, warn_unused_result, format(printf, 2, 0));
HARENA_OUT_OF_LINE harena_mark harena__save(harena *arena);
HARENA_OUT_OF_LINE void harena__rewind(harena *arena, harena_mark mark);
HARENA_OUT_OF_LINE bool harena__defer(harena *arena, void (*cleanup)(void *context), void *context);
HARENA_OUT_OF_LINE harena_ref harena__ref_to(harena *arena, const void *block);
HARENA_OUT_OF_LINE void *harena__deref(const harena *arena, harena_ref ref);
HARENA_OUT_OF_LINE void *harena__try_deref(const harena *arena, harena_ref ref);

/* ---- In place ------------------------------------------------------------------------------- */
/* Each out-of-line call that allocates or ends memory is followed by HARENA_KEEP_FRAME(): without
 * it, `void finish(harena *a) { harena_clear(a); }` is a jump at -O2 and no report names finish.
 * HARENA_LIFETIMEBOUND stands here because clang looks at the definition when it sees one. */

/* The head epoch of an arena whose references must be looked up by the library. No reference
 * carries it, so resolving is still one compare. */
#define HARENA_CLOSED_EPOCH UINT64_MAX

inline harena *harena_open(const harena_options *options) {
  harena *arena = harena_open_sized(options, sizeof(harena_options));
  HARENA_KEEP_FRAME();
  return arena;
}

inline harena *harena_open_in(void *buffer HARENA_LIFETIMEBOUND, size_t size,
                              const harena_options *options) {
  harena *arena = harena_open_in_sized(buffer, size, options, sizeof(harena_options));
  HARENA_KEEP_FRAME();
  return arena;
}

inline void harena_clear(harena *arena) {
  harena__clear(arena);
  HARENA_KEEP_FRAME();
}

inline void harena_close(harena *arena) {
  harena__close(arena);
  HARENA_KEEP_FRAME();
}

inline void harena_trim(harena *arena) {
  harena__trim(arena);
  HARENA_KEEP_FRAME();
}

inline bool harena_set_limit(harena *arena, size_t limit) {
  bool done = harena__set_limit(arena, limit);
  HARENA_KEEP_FRAME();
  return done;
}

/* One unsigned compare serves every case: the window is a multiple of 8, so if the unrounded size
 * fits, the rounded one does; size 0 wraps to SIZE_MAX and an empty window holds nothing, so both
 * go to the call. At alignment 16 the padding is bit 3 of the cursor, which may lead
 * past the limit, hence the signed compare, and the other one, which a constant size folds away. */
HARENA_WRAPS inline void *harena_alloc(harena *arena HARENA_LIFETIMEBOUND, size_t size,
                                       size_t align) {
  if (HARENA_IS_CONSTANT(align) && (align == 1 || align == 2 || align == 4 || align == 8)) {
    char *block = arena->cursor;
    if (HARENA_LIKELY(size - 1 < (size_t)(arena->limit - block))) {
      arena->cursor = block + ((size - 1) | 7) + 1;
      return block;
    }
  } else if (HARENA_IS_CONSTANT(align) && align == 16) {
    char *block = arena->cursor + ((uintptr_t)arena->cursor & 8);
    if (HARENA_LIKELY(size - 1 < PTRDIFF_MAX && (ptrdiff_t)(size - 1) < arena->limit - block)) {
      arena->cursor = block + ((size - 1) | 7) + 1;
      return block;
    }
  }
  void *block = harena__alloc(arena, size, align);
  HARENA_KEEP_FRAME();
  return block;
}

/* As above; what lies before `zeroed` needs no clearing, the call clears a stretch ahead. */
HARENA_WRAPS inline void *harena_alloc_zeroed(harena *arena HARENA_LIFETIMEBOUND, size_t size,
                                              size_t align) {
  if (HARENA_IS_CONSTANT(align) && (align == 1 || align == 2 || align == 4 || align == 8)) {
    char *block = arena->cursor;
    if (HARENA_LIKELY(size - 1 < (size_t)(arena->limit - block) &&
                      (ptrdiff_t)size <= arena->zeroed - block)) {
      arena->cursor = block + ((size - 1) | 7) + 1;
      return block;
    }
  }
  void *block = harena__alloc_zeroed(arena, size, align);
  HARENA_KEEP_FRAME();
  return block;
}

/* The product, or SIZE_MAX, which no allocation serves, when it would wrap. */
HARENA_INLINE size_t harena__array_size(size_t count, size_t size);
HARENA_WRAPS inline size_t harena__array_size(size_t count, size_t size) {
  return size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size;
}

inline void *harena_alloc_array(harena *arena HARENA_LIFETIMEBOUND, size_t count, size_t size,
                                size_t align) {
  return harena_alloc(arena, harena__array_size(count, size), align);
}

inline void *harena_alloc_array_zeroed(harena *arena HARENA_LIFETIMEBOUND, size_t count,
                                       size_t size, size_t align) {
  return harena_alloc_zeroed(arena, harena__array_size(count, size), align);
}

inline void *harena_alloc_between(harena *arena HARENA_LIFETIMEBOUND, size_t min_size,
                                  size_t preferred_size, size_t align, size_t *size) {
  void *block = harena__alloc_between(arena, min_size, preferred_size, align, size);
  HARENA_KEEP_FRAME();
  return block;
}

inline void *harena_realloc(harena *arena HARENA_LIFETIMEBOUND, void *block, size_t old_size,
                            size_t new_size, size_t align) {
  void *place = harena__realloc(arena, block, old_size, new_size, align);
  HARENA_KEEP_FRAME();
  return place;
}

inline void harena_free(harena *arena, void *block, size_t size) {
  harena__free(arena, block, size);
  HARENA_KEEP_FRAME();
}

inline void *harena_dup(harena *arena HARENA_LIFETIMEBOUND, const void *source, size_t size,
                        size_t align) {
  void *copy = harena__dup(arena, source, size, align);
  HARENA_KEEP_FRAME();
  return copy;
}

inline char *harena_strdup(harena *arena HARENA_LIFETIMEBOUND, const char *string) {
  char *copy = harena__strdup(arena, string);
  HARENA_KEEP_FRAME();
  return copy;
}

inline char *harena_strndup(harena *arena HARENA_LIFETIMEBOUND, const char *string,
                            size_t max_length) {
  char *copy = harena__strndup(arena, string, max_length);
  HARENA_KEEP_FRAME();
  return copy;
}

inline char *harena_vprintf(harena *arena HARENA_LIFETIMEBOUND, const char *format,
                            va_list arguments) {
  char *string = harena__vprintf(arena, format, arguments);
  HARENA_KEEP_FRAME();
  return string;
}

inline harena_mark harena_save(harena *arena) {
  harena_mark mark = harena__save(arena);
  HARENA_KEEP_FRAME();
  return mark;
}

inline void harena_rewind(harena *arena, harena_mark mark) {
  harena__rewind(arena, mark);
  HARENA_KEEP_FRAME();
}

inline bool harena_defer(harena *arena, void (*cleanup)(void *context), void *context) {
  bool done = harena__defer(arena, cleanup, context);
  HARENA_KEEP_FRAME();
  return done;
}

inline harena_ref harena_ref_to(harena *arena, const void *block) {
  if (HARENA_LIKELY(block != NULL && arena->epoch != HARENA_CLOSED_EPOCH)) {
    harena_ref ref = {(void *)(uintptr_t)block, arena->epoch};
    return ref;
  }
  harena_ref ref = harena__ref_to(arena, block);
  HARENA_KEEP_FRAME();
  return ref;
}

inline void *harena_deref(const harena *arena HARENA_LIFETIMEBOUND, harena_ref ref) {
  if (HARENA_LIKELY(ref.epoch == arena->epoch)) {
    return ref.address;
  }
  void *address = harena__deref(arena, ref);
  HARENA_KEEP_FRAME();
  return address;
}

inline void *harena_try_deref(const harena *arena HARENA_LIFETIMEBOUND, harena_ref ref) {
  if (HARENA_LIKELY(ref.epoch == arena->epoch)) {
    return ref.address;
  }
  void *address = harena__try_deref(arena, ref);
  HARENA_KEEP_FRAME();
  return address;
}

HARENA_END_C

#endif
