/* What a stanza says about its package. */
#ifndef DEBPKG_PACKAGE_H
#define DEBPKG_PACKAGE_H

#include <harena.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stanza.h"

/* In the arena of the stanza, like the strings it points to. */
struct package {
  const char *name;
  const char *section; /* NULL when the stanza does not say */
  uint64_t kib;        /* installed; 0 when the stanza does not say */
  bool essential;
};

struct names {
  struct text *items;
  size_t count;
};

/* Decimal digits and nothing else, up to `maximum`. */
bool parse_number(const char *string, uint64_t maximum, uint64_t *number);

/* NULL after a message. */
struct package *package_parse(const struct stanza *stanza, const struct lines *lines,
                              harena *arena);

/* dpkg's own index also knows packages that are gone, all but their configuration. */
bool package_is_removed(const struct stanza *stanza);

/* The names in Depends and Pre-Depends, each once. An alternative counts like the first choice:
 * `a (>= 1) | b:any, c` has three names. False after a message. */
bool package_list_dependencies(const struct stanza *stanza, const struct lines *lines,
                               harena *arena, struct names *names);

#endif
