/* Characters without a NUL at their end. */
#ifndef DEBPKG_TEXT_H
#define DEBPKG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
  const char *start;
  size_t length;
};

static inline struct text text_of(const char *string) {
  return (struct text){string, strlen(string)};
}

static inline bool text_equal(const struct text *a, const struct text *b) {
  return a->length == b->length && memcmp(a->start, b->start, a->length) == 0;
}

#endif
