/* Arenas that nobody will close: open, and no place that the program can get at holds the handle.
 * Looked for at exit, behind the program's own functions for that, and on demand.
 *
 * A family is one leak, its eldest's: closing that closes all of it, and any member's handle keeps
 * it. Each is told once. */
#ifndef HARENA_INSTRUMENT_LEAKS_H
#define HARENA_INSTRUMENT_LEAKS_H

#include <stddef.h>

/* Values of the option `leaks`. */
enum { HARENA__LEAKS_OFF, HARENA__LEAKS_LOST, HARENA__LEAKS_ALL };

/* Reports all that are new and returns how many. The calling thread's stack is searched from
 * `frame` up. */
size_t harena__report_leaks(const void *frame);

/* The same as the option `leaks` says, in a destructor. Ends the program if findings are to do so. */
void harena__report_leaks_at_exit(void);

#endif
