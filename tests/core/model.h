/* Random calls on one arena, with a simple record beside it of what must be true: which blocks
 * live where, with which contents, what each is charged, which references resolve, which
 * cleanups are due. */
#ifndef CORE_TEST_MODEL_H
#define CORE_TEST_MODEL_H

#include <harena.h>

typedef struct model_setup {
  const char *name;
  harena_options options;
  size_t buffer_size;  /* a fixed arena of this size; else 0 */
  size_t parent_limit; /* a child of an arena with this limit; else 0 */
  size_t siblings;     /* other children of the same parent, which come and go */
  size_t max_align;    /* over 8: what is charged for padding is not predicted */
} model_setup;

extern const model_setup model_setups[];
extern const size_t model_setup_count;

/* Called after every step. */
typedef void model_observer(const harena *arena);

/* Runs `steps` random calls that `seed` chooses; fails the test at the first thing that is
 * wrong, with a message that names setup, seed and step. */
void run_model(const model_setup *setup, uint64_t seed, size_t steps, model_observer *observe);

#endif
