/* A report in the format that was asked for, as one piece of text. */
#ifndef HARENA_INSTRUMENT_RENDERING_H
#define HARENA_INSTRUMENT_RENDERING_H

#include "report.h"

/* In the order of the option's choices. */
typedef enum harena__format {
  HARENA__FORMAT_TEXT,
  HARENA__FORMAT_JSON,
  HARENA__FORMAT_SARIF
} harena__format;

typedef struct harena__rendering {
  harena__format format;
  char *text; /* ends with a line end and a NUL */
  size_t length;
  size_t splice; /* of SARIF: where what is added to a log begins, see sarif.h */
} harena__rendering;

/* The text lives until the next call. A report that is too long is cut, says so, and keeps its last
 * lines. Not thread-safe. */
harena__rendering harena__render(const harena__report *report);

#endif
