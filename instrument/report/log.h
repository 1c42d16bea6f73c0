/* Where reports go when nobody has asked for them by a callback: `log_path`, else stderr. */
#ifndef HARENA_INSTRUMENT_LOG_H
#define HARENA_INSTRUMENT_LOG_H

#include "rendering.h"

/* Writes the report in one piece; into a SARIF log that is there already, as its last result, so
 * that it is one document after each report. Processes may share a log. A log that cannot be
 * written, or not all of the report, is named on stderr, where the report goes then. Safe in signal
 * handlers. */
void harena__log(const harena__rendering *rendering);

#endif
