/* A set of words, in pages of its own. Not thread-safe: each has an owner with a lock. */
#ifndef HARENA_INSTRUMENT_WORD_SET_H
#define HARENA_INSTRUMENT_WORD_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* {0} is an empty set. 0 is no member. */
typedef struct harena__word_set {
  uintptr_t *words;
  size_t count;
  unsigned bits; /* of the number of places */
} harena__word_set;

/* False when there is no memory, or no room for one more than 2^20 of them. */
bool harena__word_set_add(harena__word_set *set, uintptr_t word);
bool harena__word_set_remove(harena__word_set *set, uintptr_t word);
bool harena__word_set_holds(const harena__word_set *set, uintptr_t word);
void harena__word_set_empty(harena__word_set *set);

/* Calls `each` for all members, in no order; `each` must not change the set. */
void harena__word_set_each(const harena__word_set *set, void (*each)(uintptr_t word, void *context),
                           void *context);

#endif
