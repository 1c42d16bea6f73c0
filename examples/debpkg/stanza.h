/* One stanza of an index: fields, in an arena that is cleared when the stanza has been looked
 * at. */
#ifndef DEBPKG_STANZA_H
#define DEBPKG_STANZA_H

#include <harena.h>
#include <stdbool.h>
#include <stddef.h>

#include "lines.h"

struct field {
  const char *name;
  char *value; /* continuation lines are joined by newlines */
  size_t length;
  size_t line;
  struct field *next;
};

struct stanza {
  struct field *first, *last;
  size_t line;
};

/* Reads lines up to an empty one into fields in `arena`. LINE_END: there is no further stanza.
 * LINE_BAD comes after a message. */
enum line_result stanza_read(struct stanza *stanza, struct lines *lines, harena *arena);

/* The field called `name`, in capitals or not; NULL when there is none. */
const struct field *stanza_field(const struct stanza *stanza, const char *name);
const char *stanza_value(const struct stanza *stanza, const char *name);

/* Says that the arena of the stanza could not serve a request. Always false. */
bool stanza_fail_on_memory(const struct lines *lines, const harena *arena);

#endif
