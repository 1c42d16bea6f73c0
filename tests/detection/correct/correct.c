#include "correct.h"

#include <stdio.h>
#include <stdlib.h>

#include "../trial.h"

void correct_require(bool holds, const char *condition, const char *file, int line) {
  if (!holds) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    exit(3);
  }
}

typedef struct program {
  const char *name;
  void (*run)(void);
} program;

static const program programs[] = {
    {"backtracking", correct_backtracking},
    {"cleanups", correct_cleanups},
    {"fixed", correct_fixed},
    {"handles", correct_handles},
    {"lru", correct_lru},
    {"parser", correct_parser},
    {"scopes", correct_scopes},
    {"server", correct_server},
    {"strings", correct_strings},
    {"threads", correct_threads},
};

static void run_correct(const struct trial *trial) {
  for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
    if (trial_is(trial, programs[i].name)) {
      programs[i].run();
      return;
    }
  }
  trial_unknown(trial);
}

const detection_case correct_cases[] = {
    {"correct", run_correct},
    {NULL, NULL},
};
