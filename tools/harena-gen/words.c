#include "words.h"

#include <string.h>

void words_add(harena *arena, struct words *words, const char *word) {
  size_t used = words->count * sizeof *words->word;
  words->word = harena_realloc(arena, words->word, used, used + sizeof *words->word,
                               HARENA_ALIGNOF(const char *));
  words->word[words->count++] = word;
}

bool words_have(const struct words *words, const char *word) {
  for (size_t i = 0; i < words->count; i++) {
    if (strcmp(words->word[i], word) == 0) {
      return true;
    }
  }
  return false;
}
