/* A hash table with open addressing and linear probing. */
#include "shadow/live_blocks.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "pages.h"

enum { FIRST_CAPACITY = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void **slots;
static size_t capacity; /* a power of two */
static size_t count;

static size_t home_of(const void *block) {
  return (size_t)(((uintptr_t)block >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 16) & (capacity - 1);
}

static size_t next_slot(size_t slot) { return (slot + 1) & (capacity - 1); }

/* The slot of a block, or the empty one where it would go. */
static size_t find(const void *block) {
  size_t slot = home_of(block);
  while (slots[slot] && slots[slot] != block) {
    slot = next_slot(slot);
  }
  return slot;
}

static bool grow(void) {
  size_t old_capacity = capacity;
  void **old_slots = slots;
  size_t new_capacity = old_capacity ? old_capacity * 2 : FIRST_CAPACITY;
  void **new_slots = harena__map_pages(new_capacity * sizeof *new_slots);
  if (!new_slots) {
    return false;
  }
  slots = new_slots;
  capacity = new_capacity;
  for (size_t i = 0; i < old_capacity; i++) {
    if (old_slots[i]) {
      slots[find(old_slots[i])] = old_slots[i];
    }
  }
  if (old_slots) {
    harena__unmap_pages(old_slots, old_capacity * sizeof *old_slots);
  }
  return true;
}

static void add(void *block) {
  bool is_tight = count >= capacity / 2;
  if (is_tight && !grow() && count + 1 >= capacity) {
    return;
  }
  size_t slot = find(block);
  count += slots[slot] == NULL;
  slots[slot] = block;
}

/* Moves up what probed past the gap, so that no search ends at it too early. */
static void close_gap(size_t gap) {
  for (size_t slot = next_slot(gap); slots[slot]; slot = next_slot(slot)) {
    size_t distance_home = (slot - home_of(slots[slot])) & (capacity - 1);
    size_t distance_gap = (slot - gap) & (capacity - 1);
    if (distance_home >= distance_gap) {
      slots[gap] = slots[slot];
      gap = slot;
    }
  }
  slots[gap] = NULL;
}

static bool remove_block(const void *block) {
  size_t slot = capacity ? find(block) : 0;
  if (!capacity || !slots[slot]) {
    return false;
  }
  count--;
  close_gap(slot);
  return true;
}

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

void harena__live_blocks_start(void) { pthread_atfork(take_lock, drop_lock, drop_lock); }

void harena__live_block_add(void *block) {
  take_lock();
  add(block);
  drop_lock();
}

bool harena__live_block_remove(const void *block) {
  take_lock();
  bool known = remove_block(block);
  drop_lock();
  return known;
}
