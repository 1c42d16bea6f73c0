/* What is mapped in this process, from /proc/self/maps. No heap, no stdio. */
#ifndef HARENA_INSTRUMENT_MAPPINGS_H
#define HARENA_INSTRUMENT_MAPPINGS_H

#include "range.h"

typedef struct harena__mapping {
  harena__range range;
  bool readable;
  bool writable;
  bool shared;
  const char *name; /* "[heap]", "/lib/...", "" for anonymous memory; lives during the call */
} harena__mapping;

/* Calls `each` for all mappings, in order of address. False when they cannot be read. */
bool harena__each_mapping(void (*each)(const harena__mapping *mapping, void *context),
                          void *context);

#endif
