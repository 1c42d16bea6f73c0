/* Where variables are declared, from debug information. */
#ifndef HARENA_INSTRUMENT_VARIABLES_H
#define HARENA_INSTRUMENT_VARIABLES_H

#include "dwarf/image.h"
#include "report/line.h"

typedef enum harena__storage { HARENA__STATIC_STORAGE, HARENA__THREAD_STORAGE } harena__storage;

/* Finds the variable that begins at `start`, as its symbol has it. Adds the path of the source file,
 * as the compiler knew it, to `path`. Returns the line, 0 when it is not known. No heap. */
uint64_t harena__find_declaration(const harena__image *image, harena__storage storage,
                                  uintptr_t start, harena__line *path);

#endif
