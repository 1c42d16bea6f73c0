/* stop_threads=1: threads that run are stopped by a signal while a sweep looks, so that their
 * stacks and registers are seen as well. */
#ifndef HARENA_INSTRUMENT_STOPPED_THREADS_H
#define HARENA_INSTRUMENT_STOPPED_THREADS_H

#include "escape/threads.h"

/* Fills in the stack pointers of threads that run and answer within 20 ms. They wait until they are
 * let go, but no longer than 100 ms: one may hold a lock that the sweep needs. Under
 * ThreadSanitizer and Valgrind, which deliver signals when it suits them, nothing is done. */
void harena__stop_threads(harena__threads *threads);
void harena__let_threads_go(void);

#endif
