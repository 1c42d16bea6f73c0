/* Names of thread-local variables. */
#ifndef HARENA_INSTRUMENT_THREAD_VARIABLES_H
#define HARENA_INSTRUMENT_THREAD_VARIABLES_H

#include "escape/data_symbols.h"

/* The variable at `slot` of the thread with this control block, and the module it is of; NULL when
 * it is none of a module loaded at start. */
const harena__module *harena__find_thread_variable(uintptr_t slot, uintptr_t control,
                                                   harena__data_symbol *out);

#endif
