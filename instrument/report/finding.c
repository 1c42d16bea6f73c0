#include "finding.h"

#include <stdio.h>

const harena__class_description *harena__describe_class(harena__class class) {
  static const harena__class_description descriptions[] = {
#define HARENA__CLASS(identifier, name, family, summary, advice) \
  [HARENA__##identifier] = {name, family, summary, advice},
#include "classes.inc"
#undef HARENA__CLASS
  };
  return &descriptions[class];
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
      [HARENA_UNKNOWN] = "to what has ended",     [HARENA_LIVE] = "to what ends before it",
      [HARENA_FREED] = "to a freed block",        [HARENA_CLEARED] = "into a cleared arena",
      [HARENA_REWOUND] = "behind a rewound mark", [HARENA_CLOSED] = "into a closed arena",
  };
  snprintf(out->text, sizeof out->text, "%s still points %s", holders[kind], targets[state]);
}
