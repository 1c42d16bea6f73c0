/* Which dead slabs somebody points into, as the sweeps have seen it: what the quarantine asks
 * before addresses come back into use. */
#ifndef HARENA_INSTRUMENT_POINTED_SLABS_H
#define HARENA_INSTRUMENT_POINTED_SLABS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sweeps are numbered from 1; one runs at a time. */
void harena__sweep_begins(void);

/* A word that leads to `address`, in the cage. */
void harena__point_at(uintptr_t address);

/* `complete`: it has looked everywhere. Then the quarantine is told. */
void harena__sweep_ends(bool complete);

/* The number of the sweep that runs or ran last, 0 before the first. */
uint32_t harena__latest_sweep(void);

/* Whether a complete sweep began after the one with this number, and the last one has seen nobody
 * point into the slabs. */
bool harena__was_swept(uint32_t since);
bool harena__is_pointed_into(size_t slab, size_t count);

/* The quarantine waits for a sweep; whether it does. No lock, no system call. */
void harena__want_sweep(void);
bool harena__is_sweep_wanted(void);

#endif
