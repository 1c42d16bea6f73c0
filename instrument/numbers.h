/* Events have numbers: an arena opens, a block begins or ends alone, a clear, rewind or close
 * begins. Reports show them, and stop_at=N raises SIGTRAP in the next run at the one that mattered.
 *
 * A thread takes 65,536 numbers at a time, so that threads do not wait for each other; a program's
 * first thread counts from 1. They are the same in every run in which threads start, and each does
 * its work, in the same order. */
#ifndef HARENA_INSTRUMENT_NUMBERS_H
#define HARENA_INSTRUMENT_NUMBERS_H

#include <stdint.h>

/* The number of the event that happens now. Behind the four billionth they begin anew. */
uint32_t harena__number_event(void);

/* The calling thread's latest; 0 when it had none. */
uint32_t harena__latest_event(void);

#endif
