/* What a case is given, and what it is called.
 *
 * * A case is one mistake in the smallest program that can make it. It runs twice: with its bug,
 * which has to be reported as cases.py says, and as its near miss, which differs by that
 * one step and has to be silent. */
#ifndef HARENA_TESTS_DETECTION_TRIAL_H
#define HARENA_TESTS_DETECTION_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

struct trial {
  bool bug;            /* make the mistake; else the near miss */
  const char *variant; /* which of several ways, when a case has them; else "" */
};

typedef struct detection_case {
  const char *name;
  void (*run)(const struct trial *trial);
} detection_case;

/* Each ends with a case without a name. */
extern const detection_case ended_cases[];
extern const detection_case bounds_cases[];
extern const detection_case undefined_cases[];
extern const detection_case reference_cases[];
extern const detection_case mark_cases[];
extern const detection_case handle_cases[];
extern const detection_case free_cases[];
extern const detection_case slice_cases[];
extern const detection_case allocator_cases[];
extern const detection_case juliet_cases[];
extern const detection_case pool_bug_cases[];
extern const detection_case thread_cases[];
extern const detection_case leak_cases[];
extern const detection_case escape_cases[];
extern const detection_case correct_cases[];

/* All that a program can make; ends with NULL. */
extern const detection_case *const detection_groups[];

/* The variant as a number; the program ends when it is none. */
size_t trial_number(const struct trial *trial);

/* Whether this is the variant that is asked for. */
bool trial_is(const struct trial *trial, const char *variant);

/* The program ends: the case does not know its variant. */
_Noreturn void trial_unknown(const struct trial *trial);

#endif
