/* Reports for code scanning: SARIF 2.1.0, as GitHub takes it. A log is one JSON document, so that
 * the next result goes in front of the end of the log: after each finding the file is whole. */
#ifndef HARENA_INSTRUMENT_SARIF_H
#define HARENA_INSTRUMENT_SARIF_H

#include "json_output.h"
#include "report.h"

/* What every log ends with. */
#define HARENA__SARIF_END "\n]}]}\n"

/* A log with this one result. Returns where the result begins, with a line end; it goes up to the
 * end of the log, and with a comma before it, it takes the place of another log's end. */
size_t harena__write_sarif(const harena__report *report, harena__json *out);

#endif
