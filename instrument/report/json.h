/* Reports for programs: one line of JSON for each, as docs/report.schema.json says. */
#ifndef HARENA_INSTRUMENT_JSON_H
#define HARENA_INSTRUMENT_JSON_H

#include "json_output.h"
#include "report.h"

void harena__write_json(const harena__report *report, harena__json *out);

/* ---- For other formats in JSON ---- */

/* Calls `write` for each frame that reports show, until there is room only for what may follow.
 * Returns whether some were left out. */
bool harena__write_frames(harena__json *out, harena__trace trace, bool in_signal_handler,
                          void (*write)(harena__json *out, const harena__symbol *symbol));

#endif
