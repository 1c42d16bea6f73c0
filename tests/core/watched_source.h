/* A harena_source that counts, checks what comes back, and misbehaves on demand. */
#ifndef CORE_TEST_WATCHED_SOURCE_H
#define CORE_TEST_WATCHED_SOURCE_H

#include <harena/arena.h>

typedef struct watched_chunk {
  char *memory; /* as given to the arena */
  char *malloced;
  size_t size;
} watched_chunk;

typedef struct watched_source {
  harena_source source; /* what the options point to */
  size_t asked;         /* calls of acquire */
  size_t granted;
  size_t released;
  size_t held_bytes;
  size_t most_held_bytes;
  size_t fail_at;       /* the acquisition that fails, from 1; 0: none */
  bool fail_from_there; /* and all after it */
  size_t refuse_above;  /* larger requests fail; 0: none do */
  size_t more;          /* bytes given beyond what was asked */
  size_t less;          /* bytes that are missing */
  size_t misaligned_by;
  bool zeroes; /* what it gives, so that a test may look at all of it */
  void (*on_release)(const char *memory, size_t size); /* looks at a chunk before it goes */
  watched_chunk chunks[1024];
  size_t chunk_count;
} watched_source;

/* Fills in a source that behaves. Must not move afterwards. */
void watch_source(watched_source *it);

/* Everything came back. */
void assert_all_released(const watched_source *it);

#endif
