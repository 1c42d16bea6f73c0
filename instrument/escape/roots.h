/* The memory in which pointers are looked for: all private writable mappings of the process, less
 * the watcher's own tables, the tools' memory and what lies dead on stacks; and what the program
 * has named itself. */
#ifndef HARENA_INSTRUMENT_ROOTS_H
#define HARENA_INSTRUMENT_ROOTS_H

#include "escape/threads.h"

typedef enum harena__root_kind {
  HARENA__ROOT_MEMORY,       /* variables, heaps, mappings, live arenas: told apart by address */
  HARENA__ROOT_OWN_STACK,    /* of the calling thread, from the caller's frame up */
  HARENA__ROOT_THREAD_STACK, /* of another one, from its stack pointer up */
  HARENA__ROOT_THREAD_BLOCK, /* a thread's variables and control block */
  HARENA__ROOT_NAMED         /* harena_add_root() */
} harena__root_kind;

enum { HARENA__ROOT_NAME = 64, HARENA__MOST_ROOTS = 32768, HARENA__MOST_NAMED_ROOTS = 256 };

typedef struct harena__root {
  harena__range range;
  harena__root_kind kind;
  const harena__thread *thread; /* whose it is, or NULL */
  const char *name;             /* that the program gave it, or NULL */
} harena__root;

typedef struct harena__roots {
  harena__threads threads;
  size_t count;
  size_t left_out;    /* for which there was no room */
  size_t static_tls;  /* how far variables reach down from a control block */
  harena__range heap; /* the mapping that grows by brk() */
  harena__root list[HARENA__MOST_ROOTS];
} harena__roots;

/* The calling thread's stack is a root from `frame` up; with NULL it is none. False when the
 * mappings cannot be read. Not for two threads at once. */
bool harena__collect_roots(harena__roots *roots, const void *frame);

/* False when a thread ran, so that nobody knows where its stack ends. */
bool harena__are_stacks_known(const harena__roots *roots);

/* What the program names. Thread-safe; false when there is no room, or no such root. */
bool harena__name_root(const void *start, size_t size, const char *name);
bool harena__forget_root(const void *start);

#endif
