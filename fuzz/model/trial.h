/* What the models of buffers and views have in common: one arena, the steps of the input, panics
 * that are due and shortages that may be. Compiled once for each variant, as play.h is. */
#ifndef FUZZ_MODEL_TRIAL_H
#define FUZZ_MODEL_TRIAL_H

#include <harena.h>
#include <stdint.h>

enum { STEP_BYTES = 4, MOST_STEPS = 256 };

/* Four bytes of the input. Any bytes are a valid program. */
typedef struct step {
  unsigned kind;
  unsigned which;
  uint16_t number;
} step;

typedef void trial_begin(harena *arena);
typedef void trial_step(harena *arena, const step *it);

/* Opens the arena that the first byte chooses, begins, makes a step of each four bytes that follow,
 * and closes the arena. */
void run_trial(const uint8_t *bytes, size_t size, trial_begin *begin, trial_step *make_step);

_Noreturn void trial_failed(const char *file, int line, const char *what);

#define must(condition)                             \
  do {                                              \
    if (!(condition)) {                             \
      trial_failed(__FILE__, __LINE__, #condition); \
    }                                               \
  } while (0)

/* `call` must end in a panic whose message has `part` in it. */
void must_panic(const char *part, void (*call)(harena *arena, void *context), harena *arena,
                void *context);

/* A call failed: the arena says why, and it is one that can run out. */
void must_be_short(const harena *arena);

/* So that what is looked at is not always what was allocated last. */
void allocate_between(harena *arena, const step *it);

/* A system allocation fails soon. */
void plan_shortage(const step *it);

/* Mostly small; some fill chunks. */
size_t size_of_step(const step *it);

#endif
