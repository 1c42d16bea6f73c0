/* Random calls on slices and a buffer of one arena, with plain malloc'ed copies beside them. Every
 * step takes what it does from the input, so that a fuzzer can drive it as well as chance. Some of the
 * requests for memory fail (fuzz/model/faults.h). */
#ifndef BYTES_MODEL_H
#define BYTES_MODEL_H

#include <harena.h>
#include <stdint.h>

/* Any bytes are a valid step. */
enum { CALL_BYTES = 8 };

typedef struct model_home {
  const char *name;
  harena_options options;
  size_t buffer_size;  /* a fixed arena of this size; else 0 */
  size_t parent_limit; /* a child of an arena with this limit; else 0 */
} model_home;

extern const model_home model_homes[];
extern const size_t model_home_count;

/* Makes a step of each eight bytes of the input. Calls model_failed() at the first thing that
 * is wrong. */
void run_model(const model_home *home, const uint8_t *input, size_t size);

/* The caller's: must not return. */
_Noreturn void model_failed(const model_home *home, size_t step, const char *what, int line);

#endif
