/* What setjmp() saves: registers, in a variable of the program's. They hold what a compiler left in
 * them, and stay there when nobody will jump any more. */
#ifndef HARENA_INSTRUMENT_JUMP_BUFFERS_H
#define HARENA_INSTRUMENT_JUMP_BUFFERS_H

#include "range.h"

/* Whether a word is a saved register of a jmp_buf. Known for glibc on x86-64; elsewhere false. */
bool harena__is_in_jump_buffer(uintptr_t slot);

#endif
