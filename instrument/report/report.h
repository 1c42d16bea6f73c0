/* What a report says, whatever its format: made once from a finding and from what the ledger knows
 * of its block and arena. Each format's file lays it out and adds nothing of its own. No heap, no
 * stdio; valid as long as the finding. */
#ifndef HARENA_INSTRUMENT_REPORT_H
#define HARENA_INSTRUMENT_REPORT_H

#include "finding.h"
#include "frames.h"

typedef enum harena__subject {
  HARENA__CALL,
  HARENA__OTHER,
  HARENA__HOLDER,
  HARENA__BLOCK,
  HARENA__ARENA,
  HARENA__SUBJECTS
} harena__subject;

/* "call", "other", "holder", "block" or "arena". */
const char *harena__subject_name(harena__subject subject);

/* A stack, and what happened there. */
typedef struct harena__site {
  harena__subject subject;
  const char *event;          /* "found", "allocated", "cleared" ...; of another place, its title */
  const harena__watch *arena; /* the subject's, if that is an arena that is known */
  uint32_t number;            /* of the event (numbers.h), or 0 */
  harena__trace trace;
} harena__site;

/* Where the bad call was made, the other place that belongs to it, where the holder and the block
 * were allocated, what ended the block, and what became of the arena. */
enum { HARENA__MOST_SITES = 6 };

typedef struct harena__report {
  const harena__finding *finding;
  const harena__watch *arena; /* that the bad call was made on, or NULL */
  const harena__watch *home;  /* of the block, or NULL */
  const char *arena_name;     /* of the arena that the finding is about, or NULL */
  harena__site sites[HARENA__MOST_SITES];
  size_t site_count;
  bool has_place;
  bool has_end;
  harena__symbol place; /* stands for the finding: where the block was allocated, else the bad
                           call, else where the arena was opened */
  harena__symbol end;   /* the other place, or what ended the block or the arena */
} harena__report;

void harena__make_report(harena__report *report, const harena__finding *finding);

/* Begins the line of a signature in text. */
#define HARENA__SIGNATURE_MARK "HARENA-SIGNATURE\t"

/* The same in every run, for telling findings apart; fields are "-" when not known.
 *
 *     use-after-clear<TAB>parse_user<TAB>handle<TAB>request
 *
 * The class; the function that stands for the finding; the one that ended the block or the arena,
 * or is the other place; the arena, or "kind:symbol" of the holder. A function without a name is
 * module+offset. */
void harena__add_signature(harena__line *line, const harena__report *report);

#endif
