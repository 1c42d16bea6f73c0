/* Debugging. Declared and linkable in both builds; in release nothing is known, and each function
 * says what it answers then. */
#ifndef HARENA_DEBUG_H
#define HARENA_DEBUG_H

#include <harena/arena.h>

HARENA_BEGIN_C

/* Whether this is the instrumented build. */
HARENA_API bool harena_instrumented(void);

/* What is known about an address. The arena's name is good until 65,536 arenas that were opened later
 * have ended as well; the places for good, 4,096 of them: further ones are NULL. */
typedef struct harena_description {
  const char *arena;   /* the arena's name */
  uint64_t generation; /* 1 after open, one more after each clear */
  const void *block;   /* the block that holds the address, or the nearest one */
  size_t size;         /* of the block, as asked for */
  size_t offset; /* of the address from the block: over `size` behind it, and over SIZE_MAX / 2,
                          a negative number, before it */
  enum {
    HARENA_UNKNOWN,
    HARENA_LIVE,
    HARENA_FREED,
    HARENA_CLEARED,
    HARENA_REWOUND,
    HARENA_CLOSED
  } state;
  const char *allocated_at; /* "function file:line", NULL when not known */
  const char *retired_at;
} harena_description;

/* Describes `address`. False, and `*out` unchanged, when no arena ever held it or this is the
 * release build. Thread rule: as a call on the arena that holds it. Cost: a lookup, and the
 * symbolizer for two frames. */
HARENA_API bool harena_describe(const void *address, harena_description *out);

/* Checks the redzones of all live blocks of `arena` and the contents of its dead ones, reports what
 * was overwritten, and returns the number of findings; 0 in release, and under AddressSanitizer and
 * memcheck, which see the access itself. With halt_on_error the first one ends the program. Thread
 * rule: as any call on the arena. Cost: a step for each block in its chunks. */
HARENA_API size_t harena_check(harena *arena);

/* Reports the open arenas whose handle nobody holds: no variable, no thread's stack, no live heap
 * block, no live block of an arena. Returns how many there are that were not told before; 0 in
 * release. With halt_on_error the program ends when there is one. The same is done at exit. Cost: a
 * look at all memory, milliseconds. */
HARENA_OUT_OF_LINE size_t harena_find_leaks(void);

/* The calling thread gives `arena`, with its parents and children, to the next thread that uses it.
 * With HARENA_OPTIONS=threads=owner any other change of threads is reported; otherwise, and in
 * release, it does nothing. Call it before the handle goes to the other thread by something that
 * synchronises, like a queue under a mutex: in the instrumented build the next call on the arena
 * also sees all that came before this one, in release nothing but your mutex takes care of that. */
HARENA_API void harena_hand_over(harena *arena);

/* Takes each report, in the format of HARENA_OPTIONS (text, json, sarif) and with a line end behind
 * it, instead of `log_path` and stderr; NULL puts those back. The text lives during the call. One
 * call at a time, from the thread that made the bad call, before the program ends if it is to. What
 * is found inside the call is dropped. Not called in signal handlers, nor for what another tool
 * reports. Thread-safe. Does nothing in release.
 *
 * The callback must return: it runs in the middle of the call on the arena, with locks held. Whatever
 * else leaves it, longjmp(), an exception or a test framework's failure made of these (cmocka's
 * fail_msg()), stops all reports, and a thread that has one to make waits for ever. A test takes a
 * copy, and fails when the call on the arena has returned. */
typedef void harena_report_fn(const char *text, void *context);
HARENA_API void harena_set_report_callback(harena_report_fn *callback, void *context);

/* The number of findings so far, without those that a suppression or the baseline expects; for the
 * end of a unit test, with `halt_on_error=0`. Thread-safe. 0 in release. */
HARENA_API size_t harena_findings(void);

/* ---- Who points to what ----
 *
 * At the end of a clear, close or rewind the instrumented build looks for pointers that still lead
 * into what has ended, and names who holds them: an escaped reference (docs/escapes.md). */

/* A place that holds a pointer. */
typedef struct harena_holder {
  const void *slot;   /* where it is; NULL for a register */
  const void *target; /* the pointer as it stands there, tag bits included */
  const char
      *kind; /* "global", "static", "thread-local", "heap", "arena", "thread" (another thread's
                         stack), "frame" (this thread's), "register" or "registered" */
  const char *name; /* for people: "global last_user+8 (users.c:14, in ./server)" */
  bool weak;        /* perhaps only what a compiler left behind: a frame or a register */
} harena_holder;

/* Takes one holder, which lives during the call; false ends the search. It must not call the
 * library. */
typedef bool harena_holder_fn(const harena_holder *holder, void *context);

/* Calls `each` for everybody outside `arena` who points to a live block of it, interior pointers
 * and those to a block's end included, and returns how many there are; NULL for `each` only counts,
 * a NULL arena has none. The arena is not changed. Other threads go on meanwhile, so what they move
 * may be seen twice or not at all; a search while another one runs finds nothing. Cost: all
 * writable memory of the process is read, 0.5 ms for a small one. 0 in release. */
HARENA_API size_t harena_find_holders(const harena *arena, harena_holder_fn *each, void *context);

/* Whether `holder` may keep a pointer to `target`: `target` ends with it, or later. Both are any
 * addresses, interior ones and handles of arenas included. Memory outside all arenas lives for
 * ever, so it is a good target and a bad holder; an arena outlives its children; what was allocated
 * before a mark outlives what was allocated since. False when neither is known to end first, and
 * for what has ended. A NULL target is good. Thread rule: as any other call on the arenas that the
 * two lie in. Cost: two lookups. Always true in release. */
HARENA_API bool harena_outlives(const void *target, const void *holder);

/* Registers the pointer variable at `slot`, of any alignment, for as long as it exists or until
 * harena_untrack(): each clear, close and rewind looks at it, and what it still holds then is
 * reported at once. For pointers that a search of memory cannot see, because they are kept encoded,
 * as 32-bit offsets, or by the kernel: keep a plain copy and register that. Thread-safe, cheap; up
 * to 512 are looked at. Nothing changes when it is registered already. Nothing in release. */
HARENA_API void harena_track(void *slot);

/* Forgets what harena_track() and harena_may_dangle() were told of `slot`; call it before the
 * variable ends. Unknown slots are ignored. */
HARENA_API void harena_untrack(void *slot);

/* The variable at `slot` may hold a pointer to what has ended: it is compared, or overwritten
 * before it is used. `reason` says why, for whoever reads the program; without one, a line on
 * stderr says so and the slot stays watched. Thread-safe. Nothing in release. */
HARENA_API void harena_may_dangle(void *slot, const char *reason);

/* Searches [start, start + size) as well: memory that is shared or otherwise left out. `name` is
 * copied, cut to 63 bytes, and shown in reports; NULL is "unnamed". The memory must stay readable
 * until harena_remove_root(). NULL, size 0 and a range past the end of memory are refused with a
 * line on stderr, as is one more than 256 roots. Thread-safe. Nothing in release. */
HARENA_API void harena_add_root(const void *start, size_t size, const char *name);

/* Forgets the root that begins at `start`; unknown ones are ignored. */
HARENA_API void harena_remove_root(const void *start);

/* A pointer in a type, or an array of pointers or of what holds some. */
typedef struct harena_pointer_field {
  const char *name; /* "peer", "address.host"; "" of what an array in an array holds */
  size_t offset;    /* from the beginning of the type or element */
  size_t count;     /* elements of an array; 0 when it is none */
  const struct harena_pointer_map *element; /* of an array; NULL: pointers */
} harena_pointer_field;

/* Where a type, or the element of an array, holds pointers. `harena-gen --pointer-map` writes
 * it. */
typedef struct harena_pointer_map {
  const char *type; /* "struct conn" */
  size_t size;
  const harena_pointer_field *fields; /* may be NULL when there are none */
  size_t field_count;
} harena_pointer_map;

/* Says that `block` holds one or several of the type, so that whoever holds a pointer in it is
 * named by the field: arena "cache" struct conn field peer+0. Ignored when no live block begins at
 * `block`, or one that is smaller than the type. A NULL map takes it back; a block that
 * harena_realloc() moves has none. The map is not copied and must be there until exit. One more
 * than 1,024 maps is refused with a line on stderr, and the block has none. Thread rule: as a call
 * on the block's arena. Cost: a lookup. Nothing in release. */
HARENA_API void harena_set_pointer_map(const void *block, const harena_pointer_map *map);

/* Options compiled into a program, in the syntax of HARENA_OPTIONS, which wins over them. The
 * library has a weak definition that returns ""; a program may define its own. It is called once,
 * inside the first call of the library, which may come before main(): it must not call the library,
 * and returns a string that lives until exit; NULL counts as "". Never called in release. */
HARENA_API const char *harena_default_options(void);

HARENA_END_C

#endif
