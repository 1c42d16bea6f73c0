/* Pointers as a table in C, for harena_set_pointer_map(). */
#ifndef HARENA_GEN_POINTER_MAP_H
#define HARENA_GEN_POINTER_MAP_H

#include <stdio.h>

#include "pointers.h"
#include "target.h"

/* Prints the definition of NAME_pointer_map and of what it refers to. Offsets are left to the
 * compiler that compiles the type, so they are right for its target and flags. */
void pointer_map_print(FILE *file, const struct target *target, struct pointer_table *table);

#endif
