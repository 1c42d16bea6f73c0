/* A system that has no memory when the input says so: malloc() and mmap() of everything that is
 * linked into the target pass through here. */
#ifndef FUZZ_MODEL_FAULTS_H
#define FUZZ_MODEL_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/* The requests from the one after `after` more on fail, `count` of them. */
void plan_faults(size_t after, size_t count);
void forget_faults(void);

/* Only what the library asks for fails, not what the engine does between the calls. */
void let_faults_happen(bool happen);

/* Whether a request failed since the faults were forgotten. */
bool faults_happened(void);

#endif
