/* The stack depot: every distinct stack once, named by a number. */
#ifndef HARENA_INSTRUMENT_STACKS_H
#define HARENA_INSTRUMENT_STACKS_H

#include <harena/compiler.h>
#include <stddef.h>
#include <stdint.h>

/* A stack in the depot; 0 is none: nothing was captured, or the depot is full. */
typedef uint32_t harena__stack;

enum { HARENA__MAX_FRAMES = 32 };

/* Where the public call that is running was made from. Set by harena__entered() in hooks.h. */
typedef struct harena__caller {
  const void *return_address;
  const void *frame; /* of the public function: holds the caller's frame pointer */
} harena__caller;
extern _Thread_local harena__caller harena__call HARENA_ATTRIBUTE(tls_model("initial-exec"));

/* The stack of the present call: its return address, then what the frame pointers lead to, up to
 * `stack_depth` frames, never leaving the thread's stack. Thread-safe, takes no lock in the common
 * case, does not allocate from the heap. About 15 ns for 8 frames. */
harena__stack harena__capture(void);

/* The stack of another thread's call, which should not end meanwhile; with a frame of NULL its
 * return address alone. Nothing is read that may be gone. */
harena__stack harena__capture_of(harena__caller call);

/* The return addresses of a stack, innermost first; the number of them in `*depth`. */
const uintptr_t *harena__frames(harena__stack stack, size_t *depth);

/* How many distinct stacks were kept, and how many not because the depot was full. */
size_t harena__stacks_kept(void);
size_t harena__stacks_lost(void);

#endif
