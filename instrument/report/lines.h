/* Files that the options name, line by line. */
#ifndef HARENA_INSTRUMENT_LINES_H
#define HARENA_INSTRUMENT_LINES_H

#include <stddef.h>

/* The text of a file, which stays; NULL for no path, and for a file that cannot be read, which is
 * complained about on stderr with the option that names it. Not for signal handlers; no heap. */
char *harena__read_file(const char *option, const char *path);

/* Calls `each` for the lines of a text, without blanks before them, numbered from 1; NULL has none.
 * The lines stay where they are, and may be written to. */
void harena__each_line(char *text, void (*each)(char *line, size_t number, void *context),
                       void *context);

/* "harena: suppressions: app.supp:3: WHAT 'QUOTED'; the line is ignored", on stderr. */
void harena__refuse_line(const char *option, const char *path, size_t number, const char *what,
                         const char *quoted);

#endif
