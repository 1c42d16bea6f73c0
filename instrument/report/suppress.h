/* Findings that somebody has looked at and accepted.
 *
 * suppressions=FILE: lines as LeakSanitizer's, each with a reason.
 *
 *     # the cache keeps the last user on purpose, until the next request
 *     escaped-reference:^cache_keep$
 *     escape:^legacy/users*.c$
 *
 *     leak:main     # lives as long as the program
 *
 * The type is a class of findings or a family of them; the pattern is looked for in the names of
 * functions, files and modules of all stacks of the report, of arenas, and of the holder. The
 * reason is the comment behind the line, or the one above it and the others that no empty line
 * parts from it. A line that is wrong is named on stderr and ignored. */
#ifndef HARENA_INSTRUMENT_SUPPRESS_H
#define HARENA_INSTRUMENT_SUPPRESS_H

#include "report.h"

/* Reads the file. Once, before the first question. */
void harena__read_suppressions(void);

/* Takes the lines of a text instead, which is written to and must stay; NULL has none. */
void harena__take_suppressions(char *text);

/* Whether a line applies; that is counted. From a signal handler only modules, arenas and holders
 * have names. Not thread-safe. */
bool harena__is_suppressed(const harena__report *report);

/* What was used how often, and what never. */
void harena__list_suppressions(void (*emit)(const char *line));

#endif
