/* One pass over the roots: every word that points into a range. */
#ifndef HARENA_INSTRUMENT_SWEEP_H
#define HARENA_INSTRUMENT_SWEEP_H

#include "escape/roots.h"

/* Small enough to stay in the second-level cache. */
enum { HARENA__COPY_SIZE = 128 << 10 };

typedef void harena__hit_fn(uintptr_t slot, uintptr_t value, const harena__root *root,
                            void *context);

/* Calls `hit` for each word, at multiples of `step` bytes, whose value lies in `target`. Returns
 * how many bytes were read. Reads only what is resident, and does no harm when it is unmapped
 * meanwhile: while there are other threads memory is first copied to `buffer`, HARENA__COPY_SIZE
 * bytes that are no root. */
uint64_t harena__sweep(const harena__roots *roots, harena__range target, size_t step, char *buffer,
                       harena__hit_fn *hit, void *context);

#endif
