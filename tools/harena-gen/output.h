/* The files that a run writes. */
#ifndef HARENA_GEN_OUTPUT_H
#define HARENA_GEN_OUTPUT_H

#include "source.h"
#include "target.h"

/* Writes NAME.harena.h, and NAME.harena.c unless the target is private: its view, or its pointers
 * when the request is for a map. False after saying which file could not be written; that one is
 * removed. */
bool output_target(const struct request *request, const struct target *target);

/* Writes the rule that every file depends on all that was read; nothing without --depfile. */
bool output_depfile(const struct source *source, const struct targets *targets);

#endif
