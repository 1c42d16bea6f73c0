/* Where a type holds pointers. */
#ifndef HARENA_GEN_POINTERS_H
#define HARENA_GEN_POINTERS_H

#include <harena.h>
#include <stddef.h>

#include "source.h"
#include "target.h"

/* A member that is a pointer, or an array of what is or holds pointers. */
struct pointer_field {
  const char *name;              /* from the table's beginning: "peer", "address.host" */
  const char *designator;        /* from the type's: "entries[0].key" */
  size_t count;                  /* elements of an array; 0 when it is none */
  struct pointer_table *element; /* NULL: the field, or each element, is a pointer */
  struct pointer_field *next;
};

/* The pointers of a type, or of an element of an array in it. */
struct pointer_table {
  const char *path;       /* for messages: "conn", "conn.entries[]" */
  const char *designator; /* "" of the type itself, "entries[0]" of an element */
  unsigned number;        /* elements are numbered from 1; 0 is the type itself */
  struct pointer_field *first;
  struct pointer_field **end;
  size_t count;
};

/* False for a type that no view can have, after naming each reason by its path and place: a pointer
 * anywhere, a flexible array, whose size nobody knows, a const member. A harena_ref is no pointer:
 * it is checked whenever it is used. */
bool pointers_are_none(const struct source *source, const struct target *target);

/* The table of a type's pointers, those in references too. NULL after refusing a flexible array, or
 * a pointer that offsetof() does not reach: it is in an atomic struct, or a member's name on its path
 * is a macro's as well. */
struct pointer_table *pointers_list(const struct source *source, const struct target *target);

#endif
