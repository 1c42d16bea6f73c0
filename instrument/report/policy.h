/* What becomes of a finding: counted, printed, fatal. */
#ifndef HARENA_INSTRUMENT_POLICY_H
#define HARENA_INSTRUMENT_POLICY_H

#include "finding.h"

/* Counts, prints to stderr, the log or the callback, and ends the program if `halt_on_error` (unless `survives`: a panic
 * handler will run). One at a time: a second thread waits, a finding inside a finding is dropped. */
void harena__find(const harena__finding *finding);
void harena__find_and_survive(const harena__finding *finding);

/* Counts a finding that another tool reports; its text goes to that tool's stream. */
void harena__find_appended(const harena__finding *finding, void (*emit)(const char *line));

#endif
