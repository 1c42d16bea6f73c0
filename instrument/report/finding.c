#include "finding.h"

#include <stdio.h>

const char *harena__class_name(harena__class class) {
  static const char *const names[] = {
      [HARENA__USE_AFTER_FREE] = "use-after-free",
      [HARENA__USE_AFTER_REWIND] = "use-after-rewind",
      [HARENA__USE_AFTER_CLEAR] = "use-after-clear",
      [HARENA__USE_AFTER_CLOSE] = "use-after-close",
      [HARENA__OVERRUN] = "overrun",
      [HARENA__UNDERRUN] = "underrun",
      [HARENA__REFERENCE_STALE] = "stale-reference",
      [HARENA__REFERENCE_FOREIGN] = "foreign-reference",
      [HARENA__REFERENCE_NULL] = "null-reference",
      [HARENA__MARK_DEAD] = "dead-mark",
      [HARENA__DOUBLE_CLOSE] = "double-close",
      [HARENA__DOUBLE_FREE] = "double-free",
      [HARENA__BAD_FREE] = "bad-free",
      [HARENA__WRONG_SIZE] = "wrong-size",
      [HARENA__CALL_REFUSED] = "call-refused",
      [HARENA__NOT_AN_ARENA] = "not-an-arena",
      [HARENA__LEAKED_ARENA] = "leaked-arena",
      [HARENA__ESCAPED_REFERENCE] = "escaped-reference",
      [HARENA__LIFETIME_INVERSION] = "lifetime-inversion",
      [HARENA__CONCURRENT_USE] = "concurrent-use",
      [HARENA__WRONG_THREAD] = "wrong-thread",
  };
  _Static_assert(sizeof names / sizeof names[0] == HARENA__CLASSES, "every class has a name");
  return names[class];
}

const char *harena__holder_kind_name(harena__holder_kind kind) {
  static const char *const names[] = {
      [HARENA__HOLDER_GLOBAL] = "global",
      [HARENA__HOLDER_STATIC] = "static",
      [HARENA__HOLDER_THREAD_LOCAL] = "thread-local",
      [HARENA__HOLDER_HEAP] = "heap",
      [HARENA__HOLDER_ARENA] = "arena",
      [HARENA__HOLDER_THREAD] = "thread",
      [HARENA__HOLDER_FRAME] = "frame",
      [HARENA__HOLDER_REGISTER] = "register",
      [HARENA__HOLDER_REGISTERED] = "registered",
  };
  _Static_assert(sizeof names / sizeof names[0] == HARENA__HOLDER_KINDS, "every kind has a name");
  return names[kind];
}

void harena__write_escape(harena__escape_text *out, harena__holder_kind kind, unsigned state) {
  static const char *const holders[] = {
      [HARENA__HOLDER_GLOBAL] = "a global",
      [HARENA__HOLDER_STATIC] = "a static variable",
      [HARENA__HOLDER_THREAD_LOCAL] = "a thread-local variable",
      [HARENA__HOLDER_HEAP] = "the heap",
      [HARENA__HOLDER_ARENA] = "a block of another arena",
      [HARENA__HOLDER_THREAD] = "another thread's stack",
      [HARENA__HOLDER_FRAME] = "a local variable",
      [HARENA__HOLDER_REGISTER] = "a register",
      [HARENA__HOLDER_REGISTERED] = "a registered pointer",
  };
  static const char *const targets[] = {
      [HARENA_UNKNOWN] = "to what has ended",
      [HARENA_LIVE] = "to what ends before it",
      [HARENA_FREED] = "to a freed block",
      [HARENA_CLEARED] = "into a cleared arena",
      [HARENA_REWOUND] = "behind a rewound mark",
      [HARENA_CLOSED] = "into a closed arena",
      [HARENA__STATE_MOVED] = "to where a block was before realloc moved it",
  };
  snprintf(out->text, sizeof out->text, "%s still points %s", holders[kind], targets[state]);
}
