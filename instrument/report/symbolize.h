/* Names for code addresses: the sanitizer's symbolizer if there is one in the process, else libbacktrace, else module and
 * offset. */
#ifndef HARENA_INSTRUMENT_SYMBOLIZE_H
#define HARENA_INSTRUMENT_SYMBOLIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"
#include "stacks.h"

typedef struct harena__symbol {
  char function[128]; /* "" when not known */
  char file[256];   /* "" when not known; as recorded, less a leading current directory and "../" */
  unsigned line;    /* 0 when not known */
  char module[256]; /* "" when the address is in none */
  uintptr_t
      offset; /* of the call in the module, as addr2line takes it; without a module, the address */
} harena__symbol;

/* Notes which modules are loaded and what the current directory is. Call it at start: in a signal handler only
 * modules noted before have names. Does no more when called again. */
void harena__symbolize_start(void);

/* Calls `each` for a return address, innermost inlined function first; at least once. No symbols, only module and
 * offset, when `in_signal_handler`. Thread-safe. */
void harena__symbolize(uintptr_t return_address, bool in_signal_handler,
                       void (*each)(const harena__symbol *symbol, void *context), void *context);

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
