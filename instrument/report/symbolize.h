/* Names for code addresses: the sanitizer's symbolizer if there is one in the process, else
 * libbacktrace, else module and offset. */
#ifndef HARENA_INSTRUMENT_SYMBOLIZE_H
#define HARENA_INSTRUMENT_SYMBOLIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct harena__symbol {
  char function[128]; /* "" when not known */
  char file[256];     /* "" when not known; as recorded, less the start folder and "../" */
  unsigned line;      /* 0 when not known */
  char module[256];   /* "" when the address is in none */
  uintptr_t offset;   /* in the module, as addr2line takes it; without a module, the address */
} harena__symbol;

/* Notes which modules are loaded. Call it at start: in a signal handler only modules noted before
 * have names. Does nothing when called again. */
void harena__symbolize_start(void);

/* Calls `each` for a return address, innermost inlined function first; at least once. No symbols,
 * only module and offset, when `in_signal_handler`. Thread-safe. */
void harena__symbolize(uintptr_t return_address, bool in_signal_handler,
                       void (*each)(const harena__symbol *symbol, void *context), void *context);

/* A path less the start folder (start_folder.h), or less "../". */
const char *harena__short_path(const char *path);

#endif
