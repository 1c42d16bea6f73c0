#ifndef HARENA_SRC_CLEANUP_H
#define HARENA_SRC_CLEANUP_H

#include "record.h"

/* Runs the cleanups registered since `oldest`, newest first; NULL runs all. The family is busy
 * meanwhile. */
void harena__run_cleanups(harena__arena *arena, const harena__cleanup *oldest);

#endif
