/* Which memory ends before which. */
#ifndef HARENA_INSTRUMENT_LIFETIMES_H
#define HARENA_INSTRUMENT_LIFETIMES_H

#include "ledger.h"

typedef enum harena__order {
  HARENA__UNORDERED,   /* two arenas of no relation, or something that is dead */
  HARENA__ENDS_LATER,  /* with the holder, or after it */
  HARENA__ENDS_EARLIER /* for certain: with a child, or behind a mark */
} harena__order;

/* How long `target` lives, compared with what lies at `holder`. Outside all arenas things live for
 * ever. Reads the records of the arenas that the two lie in. */
harena__order harena__compare_lifetimes(const void *target, const void *holder);

/* Whether `target` lies in a child, or a child's child, of the arena: there it ends before the
 * arena does, whatever the program calls. */
bool harena__is_of_descendant(const harena__arena *arena, const void *target);

#endif
