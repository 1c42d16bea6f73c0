/* Frames of stacks, as reports show them. */
#ifndef HARENA_INSTRUMENT_FRAMES_H
#define HARENA_INSTRUMENT_FRAMES_H

#include "line.h"
#include "stacks.h"
#include "symbolize.h"

/* Whether a function is the library's own, by its name: at -O0 and in stacks of programs that were
 * linked to the shared library, the public inline functions have frames. */
bool harena__is_own_function(const harena__symbol *symbol);

/* The innermost function of a stack that is not the library's own. False for the empty stack. */
bool harena__first_user_frame(harena__stack stack, bool in_signal_handler, harena__symbol *out);

/* "users.c:42", or "(./server+0x1234)" without debug information. */
void harena__add_place(harena__line *line, const harena__symbol *symbol);

/* "parse_user users.c:42", with as much of it as is known. */
void harena__add_frame(harena__line *line, const harena__symbol *symbol);

#endif
