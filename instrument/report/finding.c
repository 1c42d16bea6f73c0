#include "finding.h"

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
  };
  _Static_assert(sizeof names / sizeof names[0] == HARENA__CLASSES, "every class has a name");
  return names[class];
}
