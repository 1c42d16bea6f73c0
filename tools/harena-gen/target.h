/* A type that a view or a pointer map is made of. */
#ifndef HARENA_GEN_TARGET_H
#define HARENA_GEN_TARGET_H

#include <clang-c/Index.h>

#include "refuse.h"
#include "request.h"

struct target {
  const char *asked;    /* on the command line: "Point", "struct conn" */
  const char *name;     /* of the view and the files: "point", "conn" */
  const char *spelling; /* as C writes it: "Point", "struct conn" */
  CXType type;
  const char *clash; /* what a name that its files define is already; NULL: none is anything */
  struct place clash_place;
  bool is_included;      /* by the input, as far as that has been looked at */
  struct place place;    /* of its definition */
  bool is_private;       /* defined in a source file, so nobody else sees it */
  struct words includes; /* what brings the type, with quotes or angles; none for a private one */
  struct pointer_table *pointers; /* for a pointer map */
};

struct targets {
  struct target *target;
  size_t count;
};

#endif
