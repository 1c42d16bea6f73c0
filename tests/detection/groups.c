#include "trial.h"

const detection_case *const detection_groups[] = {
    ended_cases,     bounds_cases, undefined_cases, reference_cases,
    mark_cases,      handle_cases, free_cases,      slice_cases,
    allocator_cases, juliet_cases, pool_bug_cases,  thread_cases,
    leak_cases,      escape_cases, correct_cases,   NULL,
};
