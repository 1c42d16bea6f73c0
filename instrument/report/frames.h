/* Frames of stacks, as reports show them. */
#ifndef HARENA_INSTRUMENT_FRAMES_H
#define HARENA_INSTRUMENT_FRAMES_H

#include "line.h"
#include "stacks.h"
#include "symbolize.h"

/* Return addresses, innermost first. */
typedef struct harena__trace {
  const uintptr_t *frames;
  size_t depth; /* 0: nothing is known */
} harena__trace;

harena__trace harena__trace_of(harena__stack stack);

typedef void harena__frame_fn(const harena__symbol *symbol, size_t number, void *context);

/* Calls `each` for the frames that reports show, numbered from 0: not the library's own at the top
 * unless nothing else is there, and not what called main. */
void harena__each_frame(harena__trace trace, bool in_signal_handler, harena__frame_fn *each,
                        void *context);

/* The innermost function of a stack that is not the library's own. False when there is none. */
bool harena__first_user_frame(harena__stack stack, bool in_signal_handler, harena__symbol *out);

/* "users.c:42", or "(./server+0x1234)" without debug information. */
void harena__add_place(harena__line *line, const harena__symbol *symbol);

/* "parse_user users.c:42", with as much of it as is known. */
void harena__add_frame(harena__line *line, const harena__symbol *symbol);

#endif
