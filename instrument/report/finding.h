/* A finding: what was found, as facts. Filled by detectors, told by report.h, judged by policy.c. */
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

/* A state of an entry beside those of harena_description: freed, by a realloc that moved the
 * block. */
enum { HARENA__STATE_MOVED = HARENA_CLOSED + 1 };

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

* == 4242 ==
    ERROR : harena
    : use -
      after - clear : a block of a cleared arena was read * 0x7e1f9e370110 is 16 bytes inside a 48 -
      byte block of arena "request"(generation 7) * found here : *#0 handle server.c : 140 *
          block allocated here : *#0 parse_user users.c : 42 * #1 handle server.c : 120 *
          arena "request"(opened server.c : 88)was cleared here : *#0 handle server.c : 131 *
          SUMMARY : harena : use
      -
      after - clear users.c : 42 in parse_user *HARENA - SIGNATURE<TAB> use - after -
      clear<TAB> parse_user<TAB> handle<TAB> request **With a holder,
    its line takes the place of the address's: **global last_user +
        0(users.c : 14, in./ server) holds 0x7e1f9e370110,
    16 bytes inside a... *block of arena "request" generation 7,
    allocated here : **What is not known has no line.The summary names where the block was allocated
    ,
    else where the *bad call was made.The signature has the same function,
    the one that ended the block or the *arena or is the other place,
    and the arena or "kind:holder", each "-" when not known; it is the same in every run, for telling
 * findings apart. The library's own functions are not shown at the top of a stack. No heap, no
 * stdio. */
void harena__write_text(const harena__finding *finding, bool appended,
                        void (*emit)(const char *line));

=======
#endif
