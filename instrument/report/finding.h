/* A finding: what was found, as facts. Filled by detectors, rendered by text.c, judged by policy.c. */
#ifndef HARENA_INSTRUMENT_FINDING_H
#define HARENA_INSTRUMENT_FINDING_H

#include "ledger.h"
#include "stacks.h"

typedef enum harena__class {
  HARENA__USE_AFTER_FREE,
  HARENA__USE_AFTER_REWIND,
  HARENA__USE_AFTER_CLEAR,
  HARENA__USE_AFTER_CLOSE, /* of a block or of the arena's handle */
  HARENA__OVERRUN,
  HARENA__UNDERRUN,
  HARENA__REFERENCE_STALE,
  HARENA__REFERENCE_FOREIGN,
  HARENA__REFERENCE_NULL,
  HARENA__MARK_DEAD,
  HARENA__DOUBLE_CLOSE,
  HARENA__DOUBLE_FREE,
  HARENA__BAD_FREE,      /* no block of this arena begins there */
  HARENA__WRONG_SIZE,    /* free or realloc with another size than the block's */
  HARENA__CALL_REFUSED,  /* not allowed while a cleanup runs */
  HARENA__NOT_AN_ARENA,
  HARENA__CLASSES
} harena__class;

/* "use-after-clear" and so on: the names in reports, suppressions and the documentation. */
const char *harena__class_name(harena__class class);

typedef struct harena__finding {
  harena__class class;
  const char *what;           /* the rest of the first line: "a block of a cleared arena was read"; static text */
  const void *address;        /* the bad address, or NULL */
  size_t access_size;         /* 0: not an access */
  bool is_write;
  const harena__entry *block; /* that explains the address, or NULL */
  const harena__watch *arena; /* or NULL */
  const char *arena_name;     /* for arenas without a watch; else NULL */
  harena__stack found;        /* where the bad call was made; 0: the tool has shown it */
  const char *bytes;          /* an overwritten place to show as hex, or NULL; readable */
  size_t byte_count;
  bool in_signal_handler; /* module+offset only, no symbols */
} harena__finding;

/* Renders a finding line by line, without the banner when `appended` to another tool's report. */
void harena__write_text(const harena__finding *finding, bool appended,
                        void (*emit)(const char *line));

#endif
