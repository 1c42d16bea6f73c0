#include "routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sites.h"

SITE static char *by_copy(char *pointer) {
  char *volatile copy = pointer;
  char *volatile other = copy;
  return other;
}

SITE static char *by_pointer_to_pointer(char *pointer) {
  char *volatile *place = (char *volatile *)&pointer;
  return *place;
}

SITE static char *by_union(char *pointer) {
  volatile union {
    char *in;
    int *out;
  } both = {.in = pointer};
  return (char *)both.out;
}

SITE static char *fourth(char *pointer) { return pointer; }
SITE static char *third(char *pointer) { return fourth(pointer); }
SITE static char *second(char *pointer) { return third(pointer); }
SITE static char *by_four_calls(char *pointer) { return second(pointer); }

SITE static char *by_callback(char *pointer) {
  char *(*volatile callback)(char *) = fourth;
  return callback(pointer);
}

SITE static char *by_void_pointer(char *pointer) {
  void *volatile opaque = pointer;
  return opaque;
}

SITE static char *by_array(char *pointer) {
  char *volatile array[5] = {NULL, NULL, pointer, NULL, NULL};
  return array[2];
}

SITE static char *by_structure(char *pointer) {
  volatile struct {
    int before;
    char *pointer;
  } structure = {1, pointer};
  return structure.pointer;
}

/* Emptied on the way, so that nothing but the use is wrong. */
static char *volatile global;
SITE static char *by_global(char *pointer) {
  global = pointer;
  char *copy = global;
  global = NULL;
  return copy;
}

SITE static char *by_static(char *pointer) {
  static char *volatile kept;
  kept = pointer;
  char *copy = kept;
  kept = NULL;
  return copy;
}

SITE static char *by_heap(char *pointer) {
  char *volatile *node = malloc(sizeof *node);
  *node = pointer;
  char *copy = *node;
  *node = NULL;
  free((void *)node);
  return copy;
}

static const struct {
  const char *name;
  route_fn *run;
} routes[] = {
    {"copy", by_copy},
    {"pointer-to-pointer", by_pointer_to_pointer},
    {"union", by_union},
    {"argument", fourth},
    {"four-calls", by_four_calls},
    {"callback", by_callback},
    {"void-pointer", by_void_pointer},
    {"array", by_array},
    {"structure", by_structure},
    {"global", by_global},
    {"static", by_static},
    {"heap", by_heap},
};

route_fn *find_route(const char *name) {
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
    if (strcmp(name, routes[i].name) == 0) {
      return routes[i].run;
    }
  }
  fprintf(stderr, "no such route: \"%s\"\n", name);
  exit(2);
}
