#include "escape/word_set.h"

#include <string.h>

#include "pages.h"

enum { FIRST_BITS = 9, MOST_BITS = 21 };

static size_t places_of(const harena__word_set *set) {
  return set->words ? (size_t)1 << set->bits : 0;
}

static size_t home_of(const harena__word_set *set, uintptr_t word) {
  return (size_t)(((uint64_t)word * 0x9e3779b97f4a7c15ULL) >> (64 - set->bits));
}

/* Where the word is, or the free place where it would be. */
static size_t find(const harena__word_set *set, uintptr_t word) {
  size_t mask = places_of(set) - 1;
  size_t place = home_of(set, word);
  while (set->words[place] && set->words[place] != word) {
    place = (place + 1) & mask;
  }
  return place;
}

static void move_in(uintptr_t word, void *context) {
  harena__word_set *set = context;
  set->words[find(set, word)] = word;
  set->count++;
}

static bool grow(harena__word_set *set) {
  harena__word_set larger = {.bits = set->words ? set->bits + 1 : FIRST_BITS};
  if (larger.bits > MOST_BITS) {
    return false;
  }
  larger.words = harena__map_pages(sizeof(uintptr_t) << larger.bits);
  if (!larger.words) {
    return false;
  }
  harena__word_set_each(set, move_in, &larger);
  if (set->words) {
    harena__unmap_pages(set->words, places_of(set) * sizeof(uintptr_t));
  }
  *set = larger;
  return true;
}

bool harena__word_set_add(harena__word_set *set, uintptr_t word) {
  if (harena__word_set_holds(set, word)) {
    return true;
  }
  if (2 * (set->count + 1) > places_of(set) && !grow(set)) {
    return false;
  }
  set->words[find(set, word)] = word;
  set->count++;
  return true;
}

/* Closes the gap: what lies behind it up to the next free place may belong before it. */
bool harena__word_set_remove(harena__word_set *set, uintptr_t word) {
  if (!harena__word_set_holds(set, word)) {
    return false;
  }
  size_t mask = places_of(set) - 1;
  size_t gap = find(set, word);
  for (size_t place = (gap + 1) & mask; set->words[place]; place = (place + 1) & mask) {
    size_t home = home_of(set, set->words[place]);
    if (((place - home) & mask) >= ((place - gap) & mask)) {
      set->words[gap] = set->words[place];
      gap = place;
    }
  }
  set->words[gap] = 0;
  set->count--;
  return true;
}

bool harena__word_set_holds(const harena__word_set *set, uintptr_t word) {
  return set->words && set->words[find(set, word)] == word;
}

void harena__word_set_empty(harena__word_set *set) {
  if (set->count > 0) {
    memset(set->words, 0, places_of(set) * sizeof(uintptr_t));
    set->count = 0;
  }
}

void harena__word_set_each(const harena__word_set *set, void (*each)(uintptr_t word, void *context),
                           void *context) {
  for (size_t i = 0; i < places_of(set); i++) {
    if (set->words[i]) {
      each(set->words[i], context);
    }
  }
}
