/* Saying why nothing is written, in the form of a compiler's messages. */
#ifndef HARENA_GEN_REFUSE_H
#define HARENA_GEN_REFUSE_H

#include <harena.h>
#include <stdbool.h>

struct place {
  const char *file;
  unsigned line;
  unsigned column;
};

/* "harena-gen: error: ..." on stderr. Returns false, for `return refuse(...)`. */
HARENA_ATTRIBUTE(format(printf, 1, 2)) bool refuse(const char *format, ...);

/* "FILE:LINE:COLUMN: error: ..." on stderr; as refuse() when the place has no file, as that of a macro
 * of the command line. Returns false. */
HARENA_ATTRIBUTE(format(printf, 2, 3))
bool refuse_at(const struct place *place, const char *format, ...);

#endif
