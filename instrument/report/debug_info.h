/* Functions and lines from the debug information in the program's files. One of two files
 * implements it: with libbacktrace, or without any reader. */
#ifndef HARENA_INSTRUMENT_DEBUG_INFO_H
#define HARENA_INSTRUMENT_DEBUG_INFO_H

#include <stdbool.h>
#include <stdint.h>

/* Any of the texts may be NULL, `line` 0. Functions of C++ are demangled as demangle.h says. */
typedef void harena__debug_info_fn(const char *function, const char *file, unsigned line,
                                   void *context);

/* Calls `each` for the functions that an instruction is in, innermost inlined function first.
 * Returns whether there was at least a name. Not for signal handlers. Thread-safe; no heap. */
bool harena__read_debug_info(uintptr_t instruction, harena__debug_info_fn *each, void *context);

#endif
