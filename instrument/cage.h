/* The cage: one large range of addresses from which all watched chunks come, so that one compare
 * tells a pointer into any arena, dead or alive, and an address is not used again while anybody may
 * hold it.
 *
 * The range is cut into aligned slabs of 2 MiB. Chunks up to 1 MiB are carved from one slab after
 * the other; a larger one gets a run of slabs of its own. Every byte of a run is either handed out
 * or dead. A run whose bytes are all dead is retired: its memory goes back to the system, its
 * addresses wait in a queue, the quarantine. They come back into use when three quarters of
 * `quarantine` bytes are behind them and a sweep has found nobody pointing there; one that is
 * pointed to waits once more. Without that, `quarantine` bytes behind them or the end of the range
 * force it.
 *
 * Where the range has no room (a chunk over 1/64 of it, a full range, no range at all) a run is a
 * mapping of its own, outside the range, with the same life. */
#ifndef HARENA_INSTRUMENT_CAGE_H
#define HARENA_INSTRUMENT_CAGE_H

#include <harena/arena.h>

enum { HARENA__SLAB_SHIFT = 21 };
#define HARENA__SLAB_SIZE ((size_t)1 << HARENA__SLAB_SHIFT)

typedef struct harena__cage_statistics {
  size_t reserved;       /* bytes of addresses */
  size_t slabs_live;     /* in the range */
  size_t slabs_retired;  /* in the range, waiting */
  size_t slabs_reused;   /* came into use again; since the start */
  size_t evicted_swept;  /* runs that left the quarantine after a sweep; since the start */
  size_t evicted_forced; /* because a bound forced it */
  size_t kept_waiting;   /* times that a sweep had found a pointer to a run whose time was over */
  size_t apart;          /* runs that got a mapping of their own; since the start */
  size_t live_bytes;     /* handed out and not given back, inside the range and outside */
  size_t retired_bytes;  /* of the runs that wait, inside the range and outside */
  size_t unprotected;    /* retired runs that the system refused to protect; since the start */
} harena__cage_statistics;

/* Reserves the range: 256 GiB, halving down to 256 MiB (from 16 GiB at a fixed low place under
 * Valgrind), at most a quarter of the address space that the process may have. No effect after the
 * first call; the first chunk calls it as well. Picks the tool. */
void harena__cage_start(void);

/* Prepares for programs that fork. What takes the cage's lock while it holds its own does so
 * first. */
void harena__cage_guard_fork(void);

/* For tests, before the start: reserve `size` bytes and no more; 0: none. */
void harena__cage_limit(size_t size);

/* For tests, while no arena is open: back to before the start. */
void harena__cage_forget(void);

/* Chunks from the cage: aligned to 16, addressable for the tool at hand, contents unknown. A
 * release poisons. Runs are added to the ledger as regions before a chunk of theirs is handed out,
 * and dropped when their time in the queue is over. Thread-safe, and a forked child goes on with
 * it. */
extern const harena_source harena__cage_source;

/* Whether an address lies in the range. One compare; safe in a signal handler. */
bool harena__cage_holds(const void *address);

/* Whether chunks were ever taken outside the range. Safe in a signal handler. */
bool harena__cage_went_apart(void);

/* The slab of an address in the range, counted from 0, and the number of slabs. */
size_t harena__cage_slab(const void *address);
size_t harena__cage_slabs(void);
char *harena__cage_base(void);

/* A sweep is complete: what waited for it may leave the quarantine. */
void harena__cage_swept(void);

harena__cage_statistics harena__cage_measure(void);

#endif
