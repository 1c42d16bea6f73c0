/* The other threads of the process: where their stacks and thread-local variables are. */
#ifndef HARENA_INSTRUMENT_THREADS_H
#define HARENA_INSTRUMENT_THREADS_H

#include <stddef.h>

#include "range.h"

enum { HARENA__MOST_THREADS = 512 };

typedef struct harena__thread {
  int id;            /* the kernel's number */
  uintptr_t stack;   /* its stack pointer; 0: it is running, so nobody knows */
  uintptr_t control; /* its control block, right behind its thread-local variables; 0: not found */
  uintptr_t caller;  /* the frame that has called the library, when it is in a call; else 0 */
} harena__thread;

typedef struct harena__threads {
  size_t count;
  size_t left_out; /* for which there was no room */
  bool alone;      /* no other thread, so nobody unmaps what is being read */
  harena__thread list[HARENA__MOST_THREADS];
} harena__threads;

/* All threads. Of those that wait in a system call or are stopped the stack pointer is known. The
 * control blocks of the calling and of the main thread are filled in; those of others are found
 * with `harena__control_block_in` while the mappings are walked. */
void harena__list_threads(harena__threads *threads);

/* The control block at the top of a thread's stack; 0 when the mapping is no such stack. */
uintptr_t harena__control_block_in(harena__range mapping);

/* The same where the mapping goes on behind the stack: before Linux 6.7 a stack and what lies behind
 * it become one. Cost: a look at the pages that are present, in 16 MiB at most. */
uintptr_t harena__lowest_control_block_in(harena__range mapping);

/* Whose control block it is, by the number in it; NULL when that thread has ended: libraries keep
 * stacks for the next thread, with all that was on them. */
harena__thread *harena__owner_of_control(harena__threads *threads, uintptr_t control);

/* Fills in the caller of a thread whose control block is known and whose stack lies in `stack`.
 * What lies below is the library's, or of a function that the library has called. */
void harena__find_caller(harena__thread *thread, harena__range stack);

/* How far thread-local variables of modules loaded at start reach down from a control block. */
size_t harena__static_tls_size(void);

enum { HARENA__CONTROL_SIZE = 2304 };

#endif
