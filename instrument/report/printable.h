/* What of a name that somebody else chose may be shown as it is. */
#ifndef HARENA_INSTRUMENT_PRINTABLE_H
#define HARENA_INSTRUMENT_PRINTABLE_H

#include <stddef.h>

/* The length of the printable UTF-8 character that begins at `text`; 0 when none does: a control
 * character, the end, or what is no UTF-8. */
size_t harena__printable_length(const char *text);

#endif
