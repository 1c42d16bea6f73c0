/* Finding types by name. */
#ifndef HARENA_GEN_LOOKUP_H
#define HARENA_GEN_LOOKUP_H

#include "source.h"
#include "target.h"

/* One target for each name of the request, with `asked` and `name` set. False after saying which
 * two would be written to the same file. */
bool lookup_names(const struct request *request, struct targets *targets);

/* Finds the types of the targets: "Point" is a typedef or, when there is none, a tag; "struct
 * point" is a tag. What is not found has no spelling. */
void lookup_types(const struct source *source, struct targets *targets);

/* Fills in the rest. False after saying that the name means nothing, or nothing that memory can
 * hold, or that what would be written for it defines a name which is taken. */
bool lookup_is_usable(const struct source *source, struct target *target);

#endif
