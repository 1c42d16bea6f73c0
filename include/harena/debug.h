/* Debugging. Declared and linkable in both builds; in release everything here answers "nothing". */
#ifndef HARENA_DEBUG_H
#define HARENA_DEBUG_H

#include <harena/arena.h>

HARENA_BEGIN_C

/* Whether this is the instrumented build. */
HARENA_API bool harena_instrumented(void);

/* What is known about an address. Pointers in it are static or live until the arena's end. */
typedef struct harena_description {
  const char *arena;   /* the arena's name */
  uint64_t generation; /* 1 after open, one more after each clear */
  const void *block;   /* the block that holds the address, or the nearest one */
  size_t size;         /* of the block, as asked for */
  size_t offset;       /* of the address in the block; over `size` in the redzone behind it */
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
 * release build. Thread-safe. Cost: a lookup, and the symbolizer for two frames. */
HARENA_API bool harena_describe(const void *address, harena_description *out);

/* Checks the redzones of all live blocks of `arena` and the contents of its dead ones, reports what
 * was overwritten, and returns the number of findings; 0 in release. */
HARENA_API size_t harena_check(harena *arena);

/* The calling thread gives `arena`, with its parents and children, to the next thread that uses it.
 * With HARENA_OPTIONS=threads=owner any other change of threads is reported; otherwise, and in
 * release, it does nothing. Call it before the handle goes to the other thread by something that
 * synchronises, like a queue under a mutex: in the instrumented build the next call on the arena
 * also sees all that came before this one, in release nothing but your mutex takes care of that. */
HARENA_API void harena_hand_over(harena *arena);

/* Takes each report as text, instead of stderr; NULL puts stderr back. The text lives during the
 * call. */
typedef void harena_report_fn(const char *text, void *context);
HARENA_API void harena_set_report_callback(harena_report_fn *callback, void *context);

/* The number of findings so far; suppressed ones are left out. 0 in release. */
HARENA_API size_t harena_findings(void);

/* Options compiled into a program, in the syntax of HARENA_OPTIONS, which wins over them. The
 * library has a weak definition that returns ""; a program may define its own. */
HARENA_API const char *harena_default_options(void);

HARENA_END_C

#endif
