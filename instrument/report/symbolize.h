/* Names for code addresses: the sanitizer's symbolizer if there is one in the process, else libbacktrace, else module and
 * offset. */
#ifndef HARENA_INSTRUMENT_SYMBOLIZE_H
#define HARENA_INSTRUMENT_SYMBOLIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct harena__symbol {
  char function[128]; /* "" when not known */
  char file[256];
  unsigned line; /* 0 when not known */
  char module[256];
  uintptr_t offset; /* in the module */
} harena__symbol;

/* Calls `each` for a return address, innermost inlined function first. No symbols, only module and offset, when
 * `in_signal_handler`. */
void harena__symbolize(uintptr_t return_address, bool in_signal_handler,
                       void (*each)(const harena__symbol *symbol, void *context), void *context);

#endif
