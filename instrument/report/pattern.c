#include "pattern.h"

#include <stddef.h>
#include <string.h>

/* What the pattern says beside its anchors; the ends that have none are open, as if `*` stood
 * there. */
struct pieces {
  const char *next, *end;
  bool is_open_end;
};

/* After a mismatch the last `*` takes one character more; earlier ones need not be tried again. */
static bool match(struct pieces pieces, bool is_open_start, const char *text) {
  const char *after_star = is_open_start ? pieces.next : NULL;
  const char *taken = text;
  for (;;) {
    if (pieces.next < pieces.end && *pieces.next == '*') {
      after_star = ++pieces.next;
      taken = text;
    } else if (pieces.next == pieces.end && (pieces.is_open_end || *text == '\0')) {
      return true;
    } else if (pieces.next < pieces.end && *text != '\0' && *pieces.next == *text) {
      pieces.next++;
      text++;
    } else if (after_star && *taken != '\0') {
      pieces.next = after_star;
      text = ++taken;
    } else {
      return false;
    }
  }
}

bool harena__matches(const char *pattern, const char *text) {
  bool is_open_start = *pattern != '^';
  pattern += !is_open_start;
  size_t length = strlen(pattern);
  bool is_open_end = length == 0 || pattern[length - 1] != '$';
  struct pieces pieces = {pattern, pattern + length - !is_open_end, is_open_end};
  return *text != '\0' && match(pieces, is_open_start, text);
}
