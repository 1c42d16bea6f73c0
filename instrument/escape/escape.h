/* Escaped references: who still points into what has ended.
 *
 *     range_retired ──► dead pages ──► sweep over all roots ──► sightings ──► verdict ──► finding
 *                                         │
 *                                         └──► cage: which slabs nobody points into may be reused
 *
 * escape=confirmed: a sweep when one is due, at the end of a clear, rewind or close, so that all of
 * them take no more than `sweep_budget` % of the run time. A strong sighting is reported when the
 * next sweep finds it once more, or at exit: a slot that is overwritten soon is forgiven.
 * escape=immediate: a sweep at the end of each clear, rewind and close, and nothing is forgiven. */
#ifndef HARENA_INSTRUMENT_ESCAPE_H
#define HARENA_INSTRUMENT_ESCAPE_H

#include "holder.h"
#include "range.h"

/* Values of the option `escape`. */
enum { HARENA__ESCAPE_OFF, HARENA__ESCAPE_CONFIRMED, HARENA__ESCAPE_IMMEDIATE };

/* Prepares for programs that fork; called when the reports are ready. */
void harena__escape_start(void);

/* The blocks in a range of the cage have ended. */
void harena__escape_retired(const char *from, const char *to);

/* A clear, rewind or close is done: registered pointers are looked at, and a sweep runs if one is
 * due. */
void harena__escape_step(void);

/* All pointers to live blocks of an arena that lie outside it; `memory` covers its chunks. Returns
 * how many there are; `each` may be NULL, and false from it stops. 0 while another thread
 * sweeps. */
size_t harena__find_holders(uint32_t arena, harena__range memory, harena_holder_fn *each,
                            void *context);

/* Calls `each` for every word in `target` that lies where the program can get at it; the calling
 * thread's stack is searched from `frame` up. False when there is no looking, or not everywhere. */
bool harena__each_held(harena__range target, const void *frame,
                       void (*each)(uintptr_t value, void *context), void *context);

typedef struct harena__escape_statistics {
  size_t sweeps;
  uint64_t bytes;       /* read by all sweeps */
  uint64_t nanoseconds; /* taken by all sweeps */
  size_t reported;
  size_t weak;     /* sightings in the sweeping thread's own frames and registers */
  size_t allowed;  /* by harena_may_dangle() */
  size_t waiting;  /* for the next sweep to confirm them */
  size_t left_out; /* roots and sightings for which there was no room */
} harena__escape_statistics;
harena__escape_statistics harena__escape_measure(void);

#endif
