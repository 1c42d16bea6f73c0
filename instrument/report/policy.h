/* What becomes of a finding: counted, printed, fatal.
 *
 * One at a time: a second thread waits, and a finding inside a finding (a report callback that misuses an arena) is dropped. A
 * report goes to the callback, else to `log_path`, else to stderr, in one piece. Then the program ends with
 * `exitcode` or abort(), if `halt_on_error`; otherwise it goes on, and its exit code stays its own. errno is kept. */
#ifndef HARENA_INSTRUMENT_POLICY_H
#define HARENA_INSTRUMENT_POLICY_H

#include "finding.h"

void harena__find(const harena__finding *finding);

/* Never ends the program: a panic handler will run. */
void harena__find_and_survive(const harena__finding *finding);

/* Counts a finding that another tool reports; its text goes to that tool's stream, line by line, and the tool
 * decides what becomes of the program. */
void harena__find_appended(const harena__finding *finding, void (*emit)(const char *line));

/* Reads the options and notes the modules now rather than at the first finding, which may be in a signal handler. */
void harena__policy_start(void);

#endif
