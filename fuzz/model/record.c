/* The record of what was allocated, and what follows from it. */
#include <string.h>

#include "subject.h"

size_t used_by(const subject *it) { return harena_measure(it->arena).used_bytes; }

size_t charge_for(size_t size) { return size == 0 ? 8 : (size + 7) / 8 * 8; }

bool has_flag(const subject *it, unsigned flag) { return (it->options.flags & flag) != 0; }

bool is_over_limit(const subject *it, size_t more) {
  return it->limit > 0 && more > it->limit / 8 * 8 - used_by(it);
}

static size_t held_by_children(const subject *it) {
  size_t sum = 0;
  for (size_t i = 0; i < SLOTS; i++) {
    const subject *child = &the_world.subjects[i];
    if (child->arena && child->parent == it) {
      sum += harena_measure(child->arena).reserved_bytes;
    }
  }
  return sum;
}

size_t charged(const subject *it) {
  size_t sum = held_by_children(it);
  for (size_t i = 0; i < it->count; i++) {
    sum += it->entries[i].charge;
  }
  return sum;
}

bool is_before_marks(const subject *it, const entry *e) {
  return it->mark_count > 0 && e->born <= it->marks[it->mark_count - 1].born;
}

bool is_youngest(const subject *it, const entry *e) {
  return e == &it->entries[it->count - 1] && !e->lost_tail && !is_before_marks(it, e);
}

/* What is younger than any active mark is left to the rewind. */
bool is_refunded(const subject *it, const entry *e) {
  bool recycles =
      has_flag(it, HARENA_RECYCLE) && (it->mark_count == 0 || e->born <= it->marks[0].born);
  return is_youngest(it, e) || recycles;
}

bool is_descendant(const subject *it, const subject *ancestor) {
  while (it && it != ancestor) {
    it = it->parent;
  }
  return it != NULL;
}

entry *add_entry(subject *it, char *block, size_t size, size_t charge) {
  entry *e = &it->entries[it->count++];
  *e = (entry){.block = block,
               .size = size,
               .charge = charge,
               .data = size,
               .born = ++it->births,
               .live = block != NULL};
  return e;
}

static unsigned char pattern(size_t index, unsigned seed) {
  return (unsigned char)(seed * 31 + index * 7 + 1);
}

static void fill(char *block, size_t size, unsigned seed) {
  for (size_t i = 0; i < size; i++) {
    block[i] = (char)pattern(i, seed);
  }
}

void check_filled(const char *block, size_t size, unsigned seed) {
  unsigned difference = 0;
  for (size_t i = 0; i < size; i++) {
    difference |= (unsigned char)block[i] ^ pattern(i, seed);
  }
  expect(difference == 0);
}

void dress(subject *it, entry *e) {
  e->seed = (unsigned)(it->number * 5 + it->births * 3 + the_world.step);
  fill(e->block, e->size, e->seed);
  e->ref = harena_ref_to(it->arena, e->block);
}

void remove_entry(subject *it, entry *e) {
  size_t behind = it->count - 1 - (size_t)(e - it->entries);
  memmove(e, e + 1, behind * sizeof *e);
  it->count--;
}

void end_entry(subject *it, entry *e) {
  if (is_refunded(it, e)) {
    remove_entry(it, e);
  } else {
    e->live = false;
  }
}

void bury(subject *it, harena_ref ref) { it->dead[it->dead_count++ % DEAD_REFS] = ref; }

void end_entries_since(subject *it, uint64_t born) {
  it->has_just_allocated = false;
  while (it->count > 0 && it->entries[it->count - 1].born > born) {
    const entry *e = &it->entries[--it->count];
    if (e->live) {
      bury(it, e->ref);
    }
  }
}

/* Every second choice is among the youngest, where most goes on. */
entry *choose_live(subject *it, unsigned which) {
  size_t start = which & 1 ? which / 2 * 7 : it->count - 1 - which / 2 % 4;
  for (size_t tries = 0; it->count > 0 && tries < 8; tries++) {
    entry *e = &it->entries[(start - tries) % it->count];
    if (e->live) {
      return e;
    }
  }
  return NULL;
}
