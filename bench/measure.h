/* Interleaved timing: in every round each contender gives one sample, in a new random order, so
 * that what the machine does meanwhile falls on all of them alike. What is compared is the median
 * over the rounds of the ratio of two samples of the same round. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "goals.h"

enum { MOST_ROUNDS = 101 };

/* The samples of one contender at one workload. */
struct series {
  size_t rounds;              /* 0: not measured */
  double figure[MOST_ROUNDS]; /* nanoseconds per operation, or a slow-down */
  double faults[MOST_ROUNDS]; /* page faults in the timed passes and what prepared them */
};

struct contender {
  const char *name;
  const struct contender_passes *passes; /* NULL: its library is not here */
  unsigned flags;
};
extern const struct contender contenders[CONTENDERS]; /* in the order of the bits */

struct plan {
  size_t rounds;
  uint64_t seed;
  size_t scale; /* counts are divided by it */
  unsigned contenders;
};

/* Pins the process to its last CPU, or to `cpu` when that is not negative. False if refused. */
bool pin_to_cpu(int cpu);

void measure(const struct workload *workload, const struct plan *plan,
             struct series series[CONTENDERS]);

double median(const double *values, size_t count);
double lowest(const double *values, size_t count);

/* Of the ratios of samples of the same round: 0.5 is the median, 0.25 and 0.75 show the noise. */
double paired_quantile(const struct series *of, const struct series *against, double part);

#endif
