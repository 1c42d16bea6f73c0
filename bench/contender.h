/* A contender is one allocator put through every workload. Its file defines the arena_* functions
 * below as static inline and then includes workloads.h, so that each workload is compiled around
 * the allocator's own fast path, the way a program would be. */
#ifndef BENCH_CONTENDER_H
#define BENCH_CONTENDER_H

#include <stddef.h>
#include <stdint.h>

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* What one pass works on. */
struct run {
  void *arena;
  size_t count;      /* how often the pass does its thing */
  unsigned flags;    /* options of the arena, for passes that open their own */
  size_t live_bytes; /* the most that is allocated at once, for contenders that reserve */
  size_t live_blocks;
};

enum pass {
  PASS_FILL16,         /* count blocks of 16 B */
  PASS_FILL64_ALIGNED, /* count blocks of 64 B, alignment 16 */
  PASS_FILL64,         /* count blocks of 64 B */
  PASS_FILL_REQUEST,   /* count blocks of 8 to 511 B, the size known at run time only */
  PASS_HOT16,          /* count times: 16 KB in blocks of 16 B, clear */
  PASS_LIVE16,         /* count blocks, clear */
  PASS_LIVE24,
  PASS_LIVE64,
  PASS_REQUEST,  /* count times: 200 blocks of 8 to 511 B, clear */
  PASS_PROFILE,  /* count blocks of the Go library's profile, clear */
  PASS_ZEROED16, /* the same three, zeroed */
  PASS_ZEROED_REQUEST,
  PASS_ZEROED_PROFILE,
  PASS_CLEAR,           /* clear and nothing else */
  PASS_BLOCK_CLEAR,     /* count times: a block of 16 B, clear */
  PASS_FIRST_TOUCH,     /* open, count blocks of 64 B, close */
  PASS_OPEN_CLOSE,      /* count times: open, 20 blocks of 64 B, close */
  PASS_OPEN_IN_BUFFER,  /* the same in a caller's buffer */
  PASS_FILL_REFERENCES, /* count blocks of 16 B, each behind a reference that is resolved */
  PASS_HOT_REFERENCES,  /* the same, 16 KB at a time */
  PASS_FILL_CALLED,     /* count blocks of 16 B through the function that the library exports */
  PASS_HOT_CALLED,
  PASS_FILL_APPEND1,  /* a string, count bytes appended one by one */
  PASS_FILL_APPEND16, /* the same in pieces of 16 B */
  PASS_HOT_APPEND1,   /* count times: a string of 16 KB, clear */
  PASS_HOT_APPEND16,
  PASS_HOT_PRINT, /* count times: 500 formatted appends, clear */
  PASSES
};

/* NULL where a contender has nothing to compare. */
struct contender_passes {
  void *(*open)(const struct run *run);
  void (*close)(void *arena);
  void (*pass[PASSES])(const struct run *run);
};

extern const struct contender_passes touch_passes, hand_passes, malloc_passes, harena_passes;

/* Weak: without a library, the file of its contender is left out, and the address is NULL. */
#pragma weak obstack_passes
#pragma weak gstring_passes
#pragma weak talloc_passes
#pragma weak sds_passes
extern const struct contender_passes obstack_passes, gstring_passes, talloc_passes, sds_passes;

enum { TEXT_BYTES = 16384, PRINTS = 500, PRINTED_BYTES = 16 * PRINTS };
enum { HOT_BLOCKS = 1024, REQUEST_BLOCKS = 200, OPEN_BLOCKS = 20, OPEN_BUFFER_BYTES = 4096 };

/* The sizes of the request and of the Go library's profile. Filled by make_size_tables(). */
enum { REQUEST_SIZES = 4096, PROFILE_SIZES = 64 };
extern uint16_t request_sizes[REQUEST_SIZES];
extern uint16_t profile_sizes[PROFILE_SIZES];
extern uint16_t profile_positions[PROFILE_SIZES]; /* the byte written in each block */
void make_size_tables(void);

/* xorshift64*: the same numbers everywhere, which rand() does not promise. */
static inline uint64_t next_random(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * 0x2545F4914F6CDD1DU;
}

#endif
