#include "tally.h"

#include <stdlib.h>

#include "plant.h"

enum { FIRST_CAPACITY = 64 };

bool tally_table_open(struct tally_table *table, harena *arena) {
  *table = (struct tally_table){.arena = arena, .capacity = FIRST_CAPACITY};
  table->slots = harena_new_array_zeroed(arena, struct tally *, table->capacity);
  return table->slots != NULL;
}

/* FNV-1a. */
static uint64_t hash_text(struct text text) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < text.length; i++) {
    hash = (hash ^ (unsigned char)text.start[i]) * UINT64_C(0x100000001b3);
  }
  return hash;
}

static bool is_of(const struct tally *tally, struct text name, uint64_t hash) {
  return tally->hash == hash && text_equal(&tally->name, &name);
}

/* The slot that `name` is in, or the empty one where it belongs. */
static struct tally **find_slot(const struct tally_table *table, struct text name, uint64_t hash) {
  size_t mask = table->capacity - 1;
  size_t i = (size_t)hash & mask;
  while (table->slots[i] != NULL && !is_of(table->slots[i], name, hash)) {
    i = (i + 1) & mask;
  }
  return &table->slots[i];
}

static void take_tallies(struct tally_table *table, const struct tally_table *old) {
  for (size_t i = 0; i < old->capacity; i++) {
    if (old->slots[i] != NULL) {
      *find_slot(table, old->slots[i]->name, old->slots[i]->hash) = old->slots[i];
    }
  }
}

static void free_slots(const struct tally_table *table) {
  harena_free(table->arena, table->slots, table->capacity * sizeof *table->slots);
}

/* Planted: the slots are freed where they are replaced, and not where they are done with. */
static bool grow(struct tally_table *table) {
  struct tally_table old = *table;
  size_t capacity = 2 * old.capacity;
  struct tally **slots = harena_new_array_zeroed(table->arena, struct tally *, capacity);
  if (slots == NULL) {
    return false;
  }
  table->slots = slots;
  table->capacity = capacity;
  if (planted(PLANT_USE_AFTER_FREE)) {
    free_slots(&old);
    take_tallies(table, &old);
    return true;
  }
  take_tallies(table, &old);
  free_slots(&old);
  return true;
}

/* The caller's name may be in an arena that is cleared before the table's.
 * Planted: it is kept as it is, which works until the first clear. */
static const char *keep_name(harena *arena, struct text name) {
  if (planted(PLANT_USE_AFTER_CLEAR)) {
    return name.start;
  }
  return harena_strndup(arena, name.start, name.length);
}

static struct tally *new_tally(harena *arena, struct text name, uint64_t hash) {
  const char *kept = keep_name(arena, name);
  struct tally *tally = harena_new_zeroed(arena, struct tally);
  if (kept == NULL || tally == NULL) {
    return NULL;
  }
  tally->name = (struct text){kept, name.length};
  tally->hash = hash;
  return tally;
}

struct tally *tally_of(struct tally_table *table, struct text name) {
  uint64_t hash = hash_text(name);
  struct tally **slot = find_slot(table, name, hash);
  if (*slot != NULL) {
    return *slot;
  }
  if (2 * (table->used + 1) > table->capacity) {
    if (!grow(table)) {
      return NULL;
    }
    slot = find_slot(table, name, hash);
  }
  *slot = new_tally(table->arena, name, hash);
  table->used += *slot != NULL;
  return *slot;
}

struct tally **tally_sort(const struct tally_table *table, harena *arena,
                          int (*compare)(const void *, const void *)) {
  struct tally **sorted = harena_new_array(arena, struct tally *, table->used);
  if (sorted == NULL) {
    return NULL;
  }
  size_t count = 0;
  for (size_t i = 0; i < table->capacity; i++) {
    if (table->slots[i] != NULL) {
      sorted[count++] = table->slots[i];
    }
  }
  qsort(sorted, count, sizeof(struct tally *), compare);
  return sorted;
}
