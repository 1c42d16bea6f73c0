/* Findings that were there before somebody began to look.
 *
 * baseline=FILE: signatures, each with the number of times that it is expected in a process; what
 * `sort | uniq -c` makes of the signature lines of reports. A finding that is expected is counted
 * and not reported; one more of it is. */
#ifndef HARENA_INSTRUMENT_BASELINE_H
#define HARENA_INSTRUMENT_BASELINE_H

#include "report.h"

/* Reads the file. Once, before the first question. */
void harena__read_baseline(void);

/* Whether the finding is expected, once more; that is counted. Not thread-safe. */
bool harena__is_in_baseline(const harena__report *report);

/* What was found how often of how many. */
void harena__list_baseline(void (*emit)(const char *line));

#endif
