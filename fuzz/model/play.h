/* Plays a program of operations on arenas, with a simple record beside it of what must be true.
 * The first thing that is wrong is printed and aborts.
 *
 * Compiled once for each variant: in a process that holds both, the names of one are prefixed (see
 * rename.py). */
#ifndef FUZZ_MODEL_PLAY_H
#define FUZZ_MODEL_PLAY_H

#include <harena.h>

#include "operation.h"

/* What one arena answered to one operation, as far as the variants must agree on it. */
typedef struct answer {
  unsigned opened_at; /* the operation that opened the arena; answers of others do not compare */
  bool comparable;
  bool peak_comparable;
  bool exact; /* data and allocations are counted in this variant */
  bool done;
  harena_status status;
  harena_metrics figures;
} answer;

typedef struct history {
  answer answers[MOST_OPERATIONS];
  size_t count;
} history;

/* Called after every operation with the arena that it was about. */
typedef void play_observer(const harena *arena);

/* `answers` and `observe` may be NULL. Nothing is left over from one program to the next. */
void play(const uint8_t *bytes, size_t size, history *answers, play_observer *observe);

#endif
