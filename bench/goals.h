/* What is measured, for whom, and what is good enough. */
#ifndef BENCH_GOALS_H
#define BENCH_GOALS_H

#include "contender.h"

#include <stdbool.h>

/* Contenders as bits, in the order in which they are shown. */
enum contender_bit {
  TOUCH = 1,
  TOUCH_HUGE = 2,
  HAND = 4,
  MALLOC = 8,
  HARENA = 16,
  HUGE = 32,
  COUNTED = 64,
  OBSTACK = 128,
  GSTRING = 256,
  TALLOC = 512,
  SDS = 1024,
  STRINGS = OBSTACK | GSTRING | TALLOC | SDS
};
enum { CONTENDERS = 11 };

/* What the program runs with: the release library, or the instrumented one alone, under
 * AddressSanitizer or under memcheck. The goals differ, and so does what is compared with. */
enum mode { RELEASE = 1, ALONE = 2, ASAN = 4, MEMCHECK = 8, EVERY_MODE = 15 };

struct workload {
  const char *name;
  const char *description;
  unsigned contenders;
  unsigned modes;
  enum pass pass;
  enum pass prepare; /* run before each timed pass and not timed; PASSES: none */
  size_t count;      /* handed to the timed pass */
  size_t prepare_count;
  size_t operations;  /* per count */
  size_t repetitions; /* timed passes in a sample, of which the fastest counts */
  size_t live_bytes;
  size_t live_blocks;
  bool opens_own;   /* the pass opens its arenas: none is given to it, none is warmed up */
  bool two_threads; /* the figure is the slow-down by a second thread that does the same */
  bool large;       /* only with --large */
};

extern const struct workload workloads[];
extern const size_t workloads_count;

enum goal_unit { TIMES_HAND, TIMES_TOUCH, TIMES_MALLOC, ABSOLUTE };

/* Met when the median is not above the bound. */
struct goal {
  const char *workload;
  enum contender_bit contender;
  enum mode mode;
  enum goal_unit unit;
  double bound;
};

extern const struct goal goals[];
extern const size_t goals_count;

#endif
