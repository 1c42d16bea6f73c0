/* A cache that throws out what was not used for longest, in an arena that recycles: entries of all
 * sizes come and go, and the memory does not grow. */
#include <stdint.h>
#include <string.h>

#include "correct.h"

enum { BUCKETS = 64, CAPACITY = 100, ROUNDS = 5000 };

typedef struct entry {
  uint32_t key;
  uint32_t size;
  struct entry *in_bucket;
  struct entry *older;
  struct entry *newer;
  unsigned char *value;
} entry;

typedef struct cache {
  harena *arena;
  entry *buckets[BUCKETS];
  entry *newest;
  entry *oldest;
  size_t count;
} cache;

static void unlink_age(cache *it, entry *gone) {
  *(gone->newer ? &gone->newer->older : &it->newest) = gone->older;
  *(gone->older ? &gone->older->newer : &it->oldest) = gone->newer;
}

static void link_newest(cache *it, entry *added) {
  added->newer = NULL;
  added->older = it->newest;
  *(it->newest ? &it->newest->newer : &it->oldest) = added;
  it->newest = added;
}

static entry **place_of(cache *it, uint32_t key) {
  entry **place = &it->buckets[key % BUCKETS];
  while (*place && (*place)->key != key) {
    place = &(*place)->in_bucket;
  }
  return place;
}

static void drop(cache *it, entry *gone) {
  *place_of(it, gone->key) = gone->in_bucket;
  unlink_age(it, gone);
  harena_free(it->arena, gone->value, gone->size);
  harena_free(it->arena, gone, sizeof *gone);
  it->count--;
}

static entry *add(cache *it, uint32_t key) {
  if (it->count == CAPACITY) {
    drop(it, it->oldest);
  }
  entry *added = harena_new(it->arena, entry);
  REQUIRE(added);
  *added = (entry){.key = key, .size = 1 + key % 300};
  added->value = harena_alloc(it->arena, added->size, 1);
  memset(added->value, (int)(key & 255), added->size);
  entry **bucket = &it->buckets[key % BUCKETS];
  added->in_bucket = *bucket;
  *bucket = added;
  link_newest(it, added);
  it->count++;
  return added;
}

static entry *look_up(cache *it, uint32_t key) {
  entry *found = *place_of(it, key);
  if (!found) {
    return add(it, key);
  }
  unlink_age(it, found);
  link_newest(it, found);
  return found;
}

void correct_lru(void) {
  cache it = {.arena = harena_open(&(harena_options){.name = "cache", .flags = HARENA_RECYCLE})};
  uint32_t random = 1;
  for (int i = 0; i < ROUNDS; i++) {
    random = random * 1664525 + 1013904223;
    uint32_t key = (random >> 16) % 250;
    const entry *found = look_up(&it, key);
    REQUIRE(found->value[0] == (key & 255) && found->value[found->size - 1] == (key & 255));
  }
  REQUIRE(it.count == CAPACITY);
  while (it.oldest) {
    drop(&it, it.oldest);
  }
  REQUIRE(harena_measure(it.arena).used_bytes == 0);
  harena_close(it.arena);
}
