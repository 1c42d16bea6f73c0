/* Patterns of suppressions: the same answers as from the simplest way to find them. The input is a
 * pattern, a line end, and a text. */
#include "report/pattern.h"

#include <string.h>

#include "engine/demand.h"
#include "engine/target.h"

enum { LONGEST = 256 };

/* Whether all of the pattern stands for all of the text. */
static bool covers(const char *pattern, const char *text) {
  for (; *pattern && *pattern != '*'; pattern++, text++) {
    if (*pattern != *text) {
      return false;
    }
  }
  if (*pattern == '\0') {
    return *text == '\0';
  }
  for (;; text++) {
    if (covers(pattern + 1, text)) {
      return true;
    }
    if (*text == '\0') {
      return false;
    }
  }
}

/* With its marks for start and end made stars or left out. */
static bool matches_simply(const char *pattern, const char *text) {
  char whole[LONGEST + 4];
  bool from_start = pattern[0] == '^';
  size_t length = strlen(pattern + from_start);
  bool to_end = length > 0 && pattern[from_start + length - 1] == '$';
  snprintf(whole, sizeof whole, "%s%.*s%s", from_start ? "" : "*", (int)(length - to_end),
           pattern + from_start, to_end ? "" : "*");
  return *text && covers(whole, text);
}

/* Many stars take the simple way too long. */
static bool has_few_stars(const char *pattern) {
  size_t stars = 0;
  for (; *pattern; pattern++) {
    stars += *pattern == '*';
  }
  return stars <= 4;
}

static char *copy_string(const uint8_t *bytes, size_t size) {
  size_t length = strnlen((const char *)bytes, size < LONGEST ? size : LONGEST);
  char *copy = malloc(length + 1);
  demand(copy != NULL);
  memcpy(copy, bytes, length);
  copy[length] = '\0';
  return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const uint8_t *end = memchr(bytes, '\n', size);
  if (!end) {
    return 0;
  }
  size_t first = (size_t)(end - bytes);
  char *pattern = copy_string(bytes, first);
  char *text = copy_string(end + 1, size - first - 1);
  bool matches = harena__matches(pattern, text);
  demand(!has_few_stars(pattern) || matches == matches_simply(pattern, text));
  free(pattern);
  free(text);
  return 0;
}
