#define _GNU_SOURCE
#include "measure.h"

#include <harena/arena.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const struct contender contenders[CONTENDERS] = {
    {"touch", &touch_passes, 0},
    {"touch+huge", &touch_passes, HARENA_HUGE_PAGES},
    {"hand", &hand_passes, 0},
    {"malloc", &malloc_passes, 0},
    {"harena", &harena_passes, 0},
    {"harena+huge", &harena_passes, HARENA_HUGE_PAGES},
    {"harena+count", &harena_passes, HARENA_COUNT},
    {"obstack", &obstack_passes, 0},
    {"gstring", &gstring_passes, 0},
    {"talloc", &talloc_passes, 0},
    {"sds", &sds_passes, 0},
};

_Noreturn static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double time_of(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static double now(void) { return time_of(CLOCK_MONOTONIC); }

static double page_faults(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_minflt;
}

/* What reading the clock twice takes, to be taken off: a clear of one chunk takes no longer. */
static double clock_cost(void) {
  static double cost;
  enum { READINGS = 101 };
  double readings[READINGS];
  if (cost > 0) {
    return cost;
  }
  for (size_t i = 0; i < READINGS; i++) {
    double start = now();
    readings[i] = now() - start;
  }
  return cost = median(readings, READINGS);
}

static int last_allowed_cpu(void) {
  cpu_set_t allowed;
  int last = -1;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return -1;
  }
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET((size_t)cpu, &allowed)) {
      last = cpu;
    }
  }
  return last;
}

bool pin_to_cpu(int cpu) {
  cpu_set_t one;
  if (cpu < 0) {
    cpu = last_allowed_cpu();
  }
  if (cpu < 0 || cpu >= CPU_SETSIZE) {
    return false;
  }
  CPU_ZERO(&one);
  CPU_SET((size_t)cpu, &one);
  return sched_setaffinity(0, sizeof one, &one) == 0;
}

/* One contender at one workload, with the counts of this run. */
struct trial {
  const struct workload *workload;
  const struct contender *contender;
  struct run run;
  size_t prepare_count;
};

static size_t scaled(size_t count, size_t scale) { return count > scale ? count / scale : 1; }

static struct trial make_trial(const struct workload *workload, const struct contender *contender,
                               size_t scale) {
  return (struct trial){
      .workload = workload,
      .contender = contender,
      .prepare_count = scaled(workload->prepare_count, scale),
      .run = {.count = scaled(workload->count, scale),
              .flags = contender->flags,
              .live_bytes = workload->live_bytes,
              .live_blocks = workload->live_blocks},
  };
}

static void prepare(const struct trial *trial) {
  if (trial->workload->prepare == PASSES) {
    return;
  }
  struct run run = trial->run;
  run.count = trial->prepare_count;
  trial->contender->passes->pass[trial->workload->prepare](&run);
}

/* A pass longer than this shares its CPU with whoever else wants it: what counts is the thread's
 * own time on it. A shorter one finds a quiet moment, and asking for the thread's time takes longer
 * than a clear. */
static const double share_from = 1e6;

/* Nanoseconds of one timed pass. */
static double timed_pass(const struct trial *trial) {
  prepare(trial);
  double own_start = time_of(CLOCK_THREAD_CPUTIME_ID);
  double start = now();
  trial->contender->passes->pass[trial->workload->pass](&trial->run);
  double taken = now() - start - clock_cost();
  double own = time_of(CLOCK_THREAD_CPUTIME_ID) - own_start;
  return taken > share_from && own < taken ? own : taken > 0 ? taken : 0;
}

/* Nanoseconds per operation of the fastest pass: what disturbs a pass only ever slows it. */
static double fastest_pass(const struct trial *trial) {
  double fastest = timed_pass(trial);
  for (size_t i = 1; i < trial->workload->repetitions; i++) {
    double taken = timed_pass(trial);
    if (taken < fastest) {
      fastest = taken;
    }
  }
  return fastest / (double)(trial->run.count * trial->workload->operations);
}

/* Opens an arena and fills it twice: the first pass faults its pages in, the second runs over the
 * chunks as clear has left them. */
static void open_warm(struct trial *trial) {
  if (trial->workload->opens_own) {
    return;
  }
  trial->run.arena = trial->contender->passes->open(&trial->run);
  timed_pass(trial);
  timed_pass(trial);
}

static void close_trial(struct trial *trial) {
  if (!trial->workload->opens_own) {
    trial->contender->passes->close(trial->run.arena);
  }
}

static double sample_alone(struct trial trial, double *faults) {
  open_warm(&trial);
  double before = page_faults();
  double figure = fastest_pass(&trial);
  *faults = page_faults() - before;
  close_trial(&trial);
  return figure;
}

/* One of two threads that do the same at the same time, each with its own arena and CPU. */
struct worker {
  struct trial trial;
  pthread_barrier_t *start;
  int cpu;
  double figure;
};

static void *work(void *of) {
  struct worker *worker = of;
  pin_to_cpu(worker->cpu);
  open_warm(&worker->trial);
  pthread_barrier_wait(worker->start);
  worker->figure = fastest_pass(&worker->trial);
  close_trial(&worker->trial);
  return NULL;
}

/* The mean figure of `threads` workers at the same work. */
static double sample_threads(const struct trial *trial, int threads) {
  struct worker workers[2];
  pthread_t ids[2];
  pthread_barrier_t start;
  double sum = 0;
  pthread_barrier_init(&start, NULL, (unsigned)threads);
  for (int i = 0; i < threads; i++) {
    workers[i] = (struct worker){.trial = *trial, .start = &start, .cpu = i};
    if (pthread_create(&ids[i], NULL, work, &workers[i]) != 0) {
      fail("pthread_create");
    }
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
    sum += workers[i].figure;
  }
  pthread_barrier_destroy(&start);
  return sum / threads;
}

static double sample_slow_down(const struct trial *trial) {
  double alone = sample_threads(trial, 1);
  return sample_threads(trial, 2) / alone;
}

struct sample {
  double figure, faults;
};

static struct sample sample(const struct trial *trial) {
  struct sample taken = {0};
  if (trial->workload->two_threads) {
    taken.figure = sample_slow_down(trial);
  } else
    taken.figure = sample_alone(*trial, &taken.faults);
  return taken;
}

static void *map_shared(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fail("mmap");
  }
  return memory;
}

/* In a process of its own, so that no sample finds the heap as another contender left it: glibc's
 * malloc, for one, learns thresholds from what was freed. */
static struct sample sample_apart(const struct trial *trial) {
  static struct sample *shared;
  if (shared == NULL) {
    shared = map_shared(sizeof *shared);
  }
  pid_t child = fork();
  int status;
  if (child < 0) {
    fail("fork");
  }
  if (child == 0) {
    *shared = sample(trial);
    _exit(0);
  }
  if (waitpid(child, &status, 0) != child) {
    fail("waitpid");
  }
  if (status != 0) {
    fprintf(stderr, "%s died at %s: wait status %d\n", trial->contender->name,
            trial->workload->name, status);
    exit(1);
  }
  return *shared;
}

static void take_sample(const struct trial *trial, struct series *into) {
  struct sample taken = sample_apart(trial);
  into->figure[into->rounds] = taken.figure;
  into->faults[into->rounds++] = taken.faults;
}

static void shuffle(size_t *order, size_t count, uint64_t *random) {
  for (size_t i = count; i > 1; i--) {
    size_t other = (size_t)(next_random(random) >> 32) % i, held = order[i - 1];
    order[i - 1] = order[other];
    order[other] = held;
  }
}

static size_t take_part(unsigned chosen, size_t order[CONTENDERS]) {
  size_t count = 0;
  for (size_t i = 0; i < CONTENDERS; i++) {
    if ((chosen & (1U << i)) && contenders[i].passes != NULL) {
      order[count++] = i;
    }
  }
  return count;
}

void measure(const struct workload *workload, const struct plan *plan,
             struct series series[CONTENDERS]) {
  size_t order[CONTENDERS];
  size_t count = take_part(workload->contenders & plan->contenders, order);
  uint64_t random = plan->seed;
  for (size_t i = 0; i < CONTENDERS; i++) {
    series[i].rounds = 0;
  }
  for (size_t round = 0; round < plan->rounds; round++) {
    shuffle(order, count, &random);
    for (size_t i = 0; i < count; i++) {
      struct trial trial = make_trial(workload, &contenders[order[i]], plan->scale);
      take_sample(&trial, &series[order[i]]);
    }
  }
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double quantile(const double *values, size_t count, double part) {
  double sorted[MOST_ROUNDS];
  memcpy(sorted, values, count * sizeof *values);
  qsort(sorted, count, sizeof *sorted, compare_doubles);
  double place = part * (double)(count - 1);
  size_t below = (size_t)place, above = below + 1 < count ? below + 1 : below;
  return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

double median(const double *values, size_t count) { return quantile(values, count, 0.5); }

double lowest(const double *values, size_t count) { return quantile(values, count, 0); }

double paired_quantile(const struct series *of, const struct series *against, double part) {
  double ratios[MOST_ROUNDS];
  for (size_t i = 0; i < of->rounds; i++) {
    ratios[i] = of->figure[i] / against->figure[i];
  }
  return quantile(ratios, of->rounds, part);
}
