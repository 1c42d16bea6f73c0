/* Patterns of suppressions, as LeakSanitizer's: found anywhere in a text; `*` stands for anything,
 * `^` in front for the start of the text, `$` at the end for its end. */
#ifndef HARENA_INSTRUMENT_PATTERN_H
#define HARENA_INSTRUMENT_PATTERN_H

#include <stdbool.h>

/* The empty text matches no pattern, as what is not known has no name. */
bool harena__matches(const char *pattern, const char *text);

#endif
