/* The header names the lines. */
#include "declared.h"

/* So that no compiler takes a variable apart, or leaves one out. */
#define KEEP __attribute__((used))

KEEP static char *in_file[2];
KEEP char *defined[4];
KEEP static struct pair { char *name, *value; } pairs[8];
KEEP _Thread_local char *of_a_thread[2];

/* Of `pointer`, which comes first, gcc says that its value is the address of the other one. */
char **static_in_function(void) {
  char **pointer;
  KEEP static char *in_function[2];
  pointer = in_function;
  __asm__ volatile("");
  return pointer;
}

char **static_in_file(void) { return in_file; }
char **array_of_pairs(void) { return &pairs[0].name; }
