/* Counts by name: a small hash table in an arena. Names are copied, entries never move, and all of
 * it ends with the arena. */
#ifndef DEBPKG_TALLY_H
#define DEBPKG_TALLY_H

#include <harena.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct tally {
  struct text name; /* ends in a NUL */
  uint64_t hash;
  uint64_t count;
  uint64_t kib;
};

struct tally_table {
  harena *arena;
  struct tally **slots; /* open addressing, at most half full */
  size_t capacity;      /* a power of two */
  size_t used;
};

/* Opens an empty table in `arena`, which should have HARENA_RECYCLE: slots that were outgrown are
 * freed. False when there is no memory. */
bool tally_table_open(struct tally_table *table, harena *arena);

/* The tally of `name`, added with zeros when it is new. NULL when there is no memory. */
struct tally *tally_of(struct tally_table *table, struct text name);

/* The tallies in the order of a qsort comparison of `struct tally *`: an array of `used` elements
 * in `arena`. NULL when there is no memory. */
struct tally **tally_sort(const struct tally_table *table, harena *arena,
                          int (*compare)(const void *, const void *));

#endif
