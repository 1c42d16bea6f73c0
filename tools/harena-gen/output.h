/* The files that a run writes. */
#ifndef HARENA_GEN_OUTPUT_H
#define HARENA_GEN_OUTPUT_H

#include "source.h"
#include "target.h"

/* Writes NAME.harena.h for each target, and NAME.harena.c unless it is private: its view, or its
 * pointers when the request is for maps; and with --depfile the rule that they depend on all that
 * was read. False after saying which file could not be written; then none is. */
bool output_all(const struct source *source, const struct targets *targets);

#endif
