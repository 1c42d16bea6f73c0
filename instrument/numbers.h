/* Events have numbers: an arena opens, a block begins or ends alone, a clear, rewind or close
 * begins. Reports show them, and stop_at=N raises SIGTRAP in the next run at the one that mattered.
 *
 * A thread takes 65,536 numbers at a time, so that threads do not wait for each other; a program's
 * first thread counts from 1. They are the same in every run in which threads start, and each does
 * its work, in the same order. */
#ifndef HARENA_INSTRUMENT_NUMBERS_H
#define HARENA_INSTRUMENT_NUMBERS_H

#include <harena/compiler.h>
#include <stdint.h>

/* The calling thread's latest number, and the last one before there is more to do than to count:
 * its stretch is used up, or stop_at= comes next. */
typedef struct harena__counter {
  uint32_t latest;
  uint32_t pause;
} harena__counter;
extern _Thread_local harena__counter harena__events HARENA_ATTRIBUTE(tls_model("initial-exec"));

/* The rest of harena__number_event(). */
uint32_t harena__number_after_pause(void) HARENA_ATTRIBUTE(cold);

/* The number of the event that happens now. Behind the four billionth they begin anew. */
static inline uint32_t harena__number_event(void) {
  harena__counter *events = &harena__events;
  return HARENA_LIKELY(events->latest != events->pause) ? ++events->latest
                                                        : harena__number_after_pause();
}

/* The calling thread's latest; 0 when it had none. */
static inline uint32_t harena__latest_event(void) { return harena__events.latest; }

#endif
