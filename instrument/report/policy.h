/* What becomes of a finding: counted, printed, fatal; or only counted, as expected, when a
 * suppression or the baseline says so.
 *
 * One at a time: a second thread waits, and a finding inside a finding (a report callback that
 * misuses an arena) is dropped. A report goes to the callback (not from a signal handler), else to
 * `log_path`, else to stderr, in one piece. Then, with `halt_on_error`, the program ends with
 * `exitcode` or abort(), two seconds later if a stream that is to be flushed is in use; otherwise it
 * goes on, and its exit code stays its own. errno is kept. */
#ifndef HARENA_INSTRUMENT_POLICY_H
#define HARENA_INSTRUMENT_POLICY_H

#include "finding.h"

/* Prepares for a first finding in a signal handler, and for programs that fork. Called at start; a
 * finding in a signal handler before it is reported as well. */
void harena__policy_start(void);

void harena__find(const harena__finding *finding);

/* Never ends the program: a panic handler will run, or a fault be repeated. */
void harena__find_and_survive(const harena__finding *finding);

/* Ends the program as a finding does: for callers that told several with the above. */
_Noreturn void harena__end_for_findings(void);

/* Counts a finding that another tool reports, which suppressions cannot undo; its text goes to that
 * tool's stream, line by line, and the tool decides what becomes of the program. In a format for
 * programs it is written as well, to `log_path` or stderr. */
void harena__find_appended(const harena__finding *from, void (*emit)(const char *line));

#endif
