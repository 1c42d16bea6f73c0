/* The header names the lines. */
#include "declared.h"

/* So that no compiler takes a variable apart, or leaves one out. */
#define KEEP __attribute__((used))

KEEP static char *in_file[2];
KEEP char *defined[4];
KEEP static struct pair { char *name, *value; } pairs[8];
KEEP _Thread_local char *of_a_thread[2];

char **static_in_function(void) {
  KEEP static char *in_function[2];
  return in_function;
}

char **static_in_file(void) { return in_file; }
char **array_of_pairs(void) { return &pairs[0].name; }
