/* Files that the options name, line by line. */
#ifndef HARENA_INSTRUMENT_LINES_H
#define HARENA_INSTRUMENT_LINES_H

#include <stddef.h>

/* Calls `each` for the lines of a file, without blanks before them, numbered from 1. The lines stay
 * where they are, and may be written to. `option` names the file in complaints; a file that cannot
 * be read is complained about on stderr. Not for signal handlers; no heap. */
void harena__each_line(const char *option, const char *path,
                       void (*each)(char *line, size_t number, void *context), void *context);

/* "harena: suppressions: app.supp:3: WHAT 'QUOTED'; the line is ignored", on stderr. */
void harena__refuse_line(const char *option, const char *path, size_t number, const char *what,
                         const char *quoted);

#endif
