/* The program and its shared libraries, by address. */
#ifndef HARENA_INSTRUMENT_MODULES_H
#define HARENA_INSTRUMENT_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct harena__module {
  uintptr_t start; /* of what is mapped of it */
  uintptr_t end;
  uintptr_t bias; /* address in memory less address in the file's own terms */
  char path[256]; /* of the file; cut when longer */
} harena__module;

/* Adds the modules loaded since the last call. Takes the loader's lock: not for signal handlers.
 * Thread-safe. */
void harena__note_modules(void);

/* The noted module that holds an address, the youngest if several did; NULL when none. Safe in
 * signal handlers. */
const harena__module *harena__module_of(uintptr_t address);

/* How many modules were noted so far. */
size_t harena__modules_noted(void);

#endif
