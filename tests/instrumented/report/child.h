/* Runs code in a child process, for what ends a process or happens once in its life. */
#ifndef HARENA_TESTS_CHILD_H
#define HARENA_TESTS_CHILD_H

#include <stddef.h>

struct child {
  int exit_code; /* -1: ended by a signal */
  int signal;    /* 0: it exited */
  int pid;
  char output[128 * 1024]; /* what it wrote to stderr */
  char printed[64 * 1024]; /* and to stdout */
};

/* Runs `body` with HARENA_OPTIONS set to `options`; a body that returns ends with exit code 0. The
 * result is valid until the next call. */
const struct child *run_in_child(const char *options, void (*body)(void));

/* How often `part` occurs in `text`. */
size_t occurrences(const char *text, const char *part);

#endif
