/* A growing list of strings in an arena. The strings are not copied. */
#ifndef HARENA_GEN_WORDS_H
#define HARENA_GEN_WORDS_H

#include <harena.h>
#include <stdbool.h>
#include <stddef.h>

/* {0} is empty. */
struct words {
  const char **word;
  size_t count;
};

void words_add(harena *arena, struct words *words, const char *word);
bool words_have(const struct words *words, const char *word);

#endif
