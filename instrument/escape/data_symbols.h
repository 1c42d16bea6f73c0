/* Names of variables, from the symbol tables in the program's files, and where they are declared,
 * from debug information. */
#ifndef HARENA_INSTRUMENT_DATA_SYMBOLS_H
#define HARENA_INSTRUMENT_DATA_SYMBOLS_H

#include "dwarf/variables.h"
#include "report/modules.h"

typedef struct harena__data_symbol {
  char name[128];
  char file[256];   /* where it is declared; without a line, only of one that is static; or "" */
  unsigned line;    /* 0 when not known */
  bool local;       /* static */
  uintptr_t offset; /* of the place asked for, in the variable */
  intptr_t to_next; /* from it to the next part of a variable that a compiler took apart; or 0 */
} harena__data_symbol;

/* The variable at `place`: an address in the file's own terms, or, of thread-local ones, an offset
 * in the module's block of them. Reads the file each time. Not for signal handlers; no heap. */
bool harena__find_data_symbol(const harena__module *module, harena__storage storage,
                              uintptr_t place, harena__data_symbol *out);
bool harena__find_in_image(const harena__image *image, harena__storage storage, uintptr_t place,
                           harena__data_symbol *out);

#endif
