/* Frames on stacks, read as they are, with no help from whoever runs on them. */
#ifndef HARENA_INSTRUMENT_STACK_FRAMES_H
#define HARENA_INSTRUMENT_STACK_FRAMES_H

#include "range.h"

/* Whether an address is in the code of a module. */
bool harena__is_code(uintptr_t address);

/* An address in the function whose frame holds `slot`, 0 when that cannot be told: the nearest
 * saved frame pointer below it that leads above it stands in a function that this one called. */
uintptr_t harena__function_of_frame(uintptr_t slot, harena__range stack);

enum { HARENA__SAVED_REGISTERS = 6 };

/* The callee-saved registers as they were in the caller of the public function that is running,
 * found by unwinding: by now they are saved anywhere on our own stack. Returns how many. */
unsigned harena__callers_registers(uintptr_t values[HARENA__SAVED_REGISTERS]);
const char *harena__register_name(unsigned number);

#endif
