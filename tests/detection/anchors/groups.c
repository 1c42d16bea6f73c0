/* What can be compared: bugs that have nothing to do with what an arena alone can tell. */
#include "../trial.h"

const detection_case *const detection_groups[] = {
    ended_cases,     bounds_cases, undefined_cases, handle_cases,  free_cases,
    allocator_cases, juliet_cases, pool_bug_cases,  correct_cases, NULL,
};
