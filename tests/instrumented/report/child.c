#include "child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Files rather than pipes: what is read after the end cannot fill up before it. */
static void read_all(FILE *file, char *out, size_t size) {
  rewind(file);
  out[fread(out, 1, size - 1, file)] = '\0';
  fclose(file);
}

static void be_child(const char *options, void (*body)(void), int errors, int output) {
  setenv("HARENA_OPTIONS", options, 1);
  dup2(errors, STDERR_FILENO);
  dup2(output, STDOUT_FILENO);
  body();
  fflush(NULL);
  _exit(0);
}

const struct child *run_in_child(const char *options, void (*body)(void)) {
  static struct child child;
  FILE *errors = tmpfile();
  FILE *output = tmpfile();
  assert_non_null(errors);
  assert_non_null(output);
  fflush(NULL);
  child.pid = fork();
  assert_true(child.pid >= 0);
  if (child.pid == 0) {
    be_child(options, body, fileno(errors), fileno(output));
  }
  int status;
  assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
  child.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  child.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  read_all(errors, child.output, sizeof child.output);
  read_all(output, child.printed, sizeof child.printed);
  return &child;
}

size_t occurrences(const char *text, const char *part) {
  size_t count = 0;
  while ((text = strstr(text, part)) != NULL) {
    text += strlen(part);
    count++;
  }
  return count;
}
