/* A finding: what was found, as facts. Filled by detectors, told by report.h, judged by
 * policy.c. */
#ifndef HARENA_INSTRUMENT_FINDING_H
#define HARENA_INSTRUMENT_FINDING_H

#include "holder.h"
#include "ledger.h"
#include "stacks.h"

typedef enum harena__class {
#define HARENA__CLASS(identifier, name, family, summary, advice) HARENA__##identifier,
#include "classes.inc"
#undef HARENA__CLASS
  HARENA__CLASSES
} harena__class;

typedef struct harena__class_description {
  const char *name;    /* "use-after-clear" */
  const char *family;  /* "access": classes that can be suppressed together */
  const char *summary; /* a sentence */
  const char *advice;  /* sentences */
} harena__class_description;

const harena__class_description *harena__describe_class(harena__class class);

typedef struct harena__finding {
  harena__class class;
  const char *what;    /* the rest of the first line */
  const void *address; /* the bad address, the block or the handle given; or NULL */
  size_t access_size;  /* 0: not an access, or not known */
  bool is_write;
  const harena__entry *block;          /* that explains the address, or NULL */
  const harena__watch *arena;          /* that the bad call was made on, or NULL */
  const harena__holder_record *holder; /* who points to `address`, or NULL */
  const char *arena_name;              /* for arenas without a watch; else NULL */
  harena__stack found;                 /* where the bad call was made; 0: the tool has shown it */
  harena__stack other;                 /* another place that belongs to it, or 0 */
  const char *other_what;              /* the title of that place: "the other call was made here" */
  const char *bytes;                   /* an overwritten place, or NULL; all of it can be read */
  size_t byte_count;      /* of it; the 16 around `address`, the first bad one, are shown */
  size_t used, reserved;  /* bytes of a leaked arena, else 0 */
  bool in_signal_handler; /* module+offset only, no symbols */
} harena__finding;

/* "a global still points into a cleared arena", for a kind of holder and a block's state. */
typedef struct harena__escape_text {
  char text[96];
} harena__escape_text;
void harena__write_escape(harena__escape_text *out, harena__holder_kind kind, unsigned state);

#endif
