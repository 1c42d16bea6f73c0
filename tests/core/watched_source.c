#include "watched_source.h"

#include <stdlib.h>

#include "core_test.h"

static bool is_refused(const watched_source *it, size_t size) {
  bool unlucky = it->fail_at != 0 &&
                 (it->asked == it->fail_at || (it->fail_from_there && it->asked > it->fail_at));
  return unlucky || (it->refuse_above != 0 && size > it->refuse_above);
}

static void remember(watched_source *it, watched_chunk chunk) {
  assert_true(it->chunk_count < sizeof it->chunks / sizeof it->chunks[0]);
  it->chunks[it->chunk_count++] = chunk;
  it->granted++;
  it->held_bytes += chunk.size;
  if (it->held_bytes > it->most_held_bytes) {
    it->most_held_bytes = it->held_bytes;
  }
}

static void *acquire(void *context, size_t *size, size_t align) {
  watched_source *it = context;
  it->asked++;
  assert_true(align >= 16 && (align & (align - 1)) == 0);
  if (is_refused(it, *size)) {
    return NULL;
  }
  size_t given = *size + it->more - it->less;
  size_t enough = *size + it->more + 2 * align;
  char *malloced = it->zeroes ? calloc(1, enough) : malloc(enough);
  assert_non_null(malloced);
  char *memory = malloced + (-(uintptr_t)malloced & (align - 1)) + it->misaligned_by;
  remember(it, (watched_chunk){memory, malloced, given});
  *size = given;
  return memory;
}

static watched_chunk *find(watched_source *it, const void *memory) {
  for (size_t i = 0; i < it->chunk_count; i++) {
    if (it->chunks[i].memory == memory) {
      return &it->chunks[i];
    }
  }
  return NULL;
}

static void release(void *context, void *memory, size_t size) {
  watched_source *it = context;
  watched_chunk *chunk = find(it, memory);
  assert_non_null(chunk);
  assert_int_equal(chunk->size, size);
  if (it->on_release) {
    it->on_release(memory, size);
  }
  free(chunk->malloced);
  *chunk = it->chunks[--it->chunk_count];
  it->released++;
  it->held_bytes -= size;
}

void watch_source(watched_source *it) {
  memset(it, 0, sizeof *it);
  it->source = (harena_source){acquire, release, it};
}

void assert_all_released(const watched_source *it) {
  assert_int_equal(it->granted, it->released);
  assert_int_equal(it->held_bytes, 0);
  assert_int_equal(it->chunk_count, 0);
}
