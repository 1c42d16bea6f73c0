/* Names that a target's files define or use, and that mean something else already. */
#ifndef HARENA_GEN_CLASH_H
#define HARENA_GEN_CLASH_H

#include "source.h"
#include "target.h"

/* False after saying that the target's name is one of the library's, or a macro that it includes,
 * whatever the input holds. */
bool clash_is_none_with_library(const struct request *request, const struct target *target);

/* Remembers what a cursor of the input, whatever it is, does to the targets' names. Macros and
 * includes are to be met in their order. */
void clash_meet(const struct source *source, struct targets *targets, CXCursor cursor,
                const char *name);

/* False after saying what was met. */
bool clash_is_none_with_input(const struct target *target);

#endif
