/* Dead slabs that still hold their memory, for slabs to come: part of the cage, under its lock.
 *
 * Fresh memory is what a watched allocation costs most: the system clears 2 MiB in 100 us or more,
 * in a virtual machine whose host must find them in milliseconds. Moving the pages of a dead slab
 * to a fresh address costs two or three system calls. */
#ifndef HARENA_INSTRUMENT_HELD_SLABS_H
#define HARENA_INSTRUMENT_HELD_SLABS_H

#include <stdbool.h>

/* Keeps the memory of a dead slab, out of reach where the tool allows that. False when there is
 * enough already, or when the tool at hand does not let pages move: then the memory must go
 * back. */
bool harena__hold_slab(char *slab);

/* Moves the memory of the slab that was held last to `slab`, which is mapped and may be touched;
 * there it is zero. Returns where it was, for its memory to go back: what is left there now, or all
 * of it when the system moves none. NULL when no slab is held. */
char *harena__move_held_slab(char *slab);

/* Whether the slab was held; it is not any more, and its memory must go back. */
bool harena__drop_held_slab(const char *slab);

#endif
