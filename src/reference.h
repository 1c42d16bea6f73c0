/* References, for the core's own use. */
#ifndef HARENA_SRC_REFERENCE_H
#define HARENA_SRC_REFERENCE_H

#include "record.h"

/* harena_deref(): the address, or a panic. */
void *harena__resolve(const harena__arena *arena, harena_ref ref);

#endif
