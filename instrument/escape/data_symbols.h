/* Names of variables, from the symbol tables in the program's files. */
#ifndef HARENA_INSTRUMENT_DATA_SYMBOLS_H
#define HARENA_INSTRUMENT_DATA_SYMBOLS_H

#include "report/modules.h"

typedef enum harena__storage { HARENA__STATIC_STORAGE, HARENA__THREAD_STORAGE } harena__storage;

typedef struct harena__data_symbol {
  char name[128];
  char file[128];   /* the source file, of a name that only it knows; else "" */
  bool local;       /* static */
  uintptr_t offset; /* of the place asked for, in the variable */
} harena__data_symbol;

/* The variable at `place`: an address in the file's own terms, or, of thread-local ones, an offset
 * in the module's block of them. Reads the file each time. Not for signal handlers; no heap. */
bool harena__find_data_symbol(const harena__module *module, harena__storage storage,
                              uintptr_t place, harena__data_symbol *out);

#endif
