/* Anonymous structs and unions as members, of which libclang says less than of others. */
#ifndef HARENA_GEN_ANONYMOUS_H
#define HARENA_GEN_ANONYMOUS_H

#include "source.h"

/* Whether a member of this canonical type is one. */
bool anonymous_is(CXType type);

/* Whether one is declared const, before its braces or behind them. It makes the struct around it
 * read-only for gcc; clang does not heed it, so its type does not have it. Told by the text: a const
 * that a macro stands for is not seen. */
bool anonymous_is_const(const struct source *source, CXCursor member);

#endif
