/* The cage: one large range of addresses from which all watched chunks come, so that one compare
 * tells a pointer into any arena, dead or alive, and an address is not used again while anybody
 * may hold it.
 *
 * The range is cut into aligned slabs of 2 MiB, slabs into the chunks that arenas ask for. A slab
 * whose bytes are all dead is retired: its memory goes back to the system, its addresses wait in a
 * queue until `quarantine` bytes of younger ones are behind it. */
#ifndef HARENA_INSTRUMENT_CAGE_H
#define HARENA_INSTRUMENT_CAGE_H

#include <harena/arena.h>

enum { HARENA__SLAB_SHIFT = 21 };
#define HARENA__SLAB_SIZE ((size_t)1 << HARENA__SLAB_SHIFT)

typedef struct harena__cage_statistics {
  size_t reserved; /* bytes of addresses */
  size_t slabs_live;
  size_t slabs_retired; /* waiting */
  size_t slabs_reused;  /* because the bound forced it */
  size_t apart;         /* chunks that got a mapping of their own: too large, or the cage is full */
  size_t unprotected;   /* retired ranges that could only be poisoned, not given back */
} harena__cage_statistics;

/* Reserves the range: 256 GiB, halving down to 256 MiB (16 GiB at a fixed low place under
 * memcheck). Called once, at the first use; without a range every chunk gets a mapping of its own.
 */
void harena__cage_start(void);

/* Chunks from the cage: addressable for the tool at hand, zero or not. Thread-safe. */
extern const harena_source harena__cage_source;

/* Whether an address lies in the range. One compare. */
bool harena__cage_holds(const void *address);

/* The slab of an address in the range, counted from 0, and the number of slabs. */
size_t harena__cage_slab(const void *address);
size_t harena__cage_slabs(void);
char *harena__cage_base(void);

harena__cage_statistics harena__cage_measure(void);

#endif
