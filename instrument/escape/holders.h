/* From the place of a pointer to who holds it. */
#ifndef HARENA_INSTRUMENT_HOLDERS_H
#define HARENA_INSTRUMENT_HOLDERS_H

#include "escape/roots.h"
#include "holder.h"

/* A pointer that was found. Hidden, as it outlives the sweep. */
typedef struct harena__sighting {
  uintptr_t hidden_slot;
  uintptr_t hidden_value;
  const harena__root *root;
} harena__sighting;

/* Whether the place is an arena's memory without a live block: dead, or the allocator's own. */
bool harena__is_dead_memory(uintptr_t slot);

/* Fills in the kind, whether it is weak, the slot and the target. False when the place is nobody's:
 * freed, dead, or the watcher's. */
bool harena__classify_holder(const harena__sighting *sighting, const harena__roots *roots,
                             harena__holder_record *out);

/* Adds the name, the symbol and the stack, from files if need be; after classifying. */
void harena__name_holder(const harena__sighting *sighting, const harena__roots *roots,
                         harena__holder_record *out);

/* The same for a slot that the program has registered, wherever it lies. */
void harena__name_registered(uintptr_t slot, harena__holder_record *out);

#endif
