/* detect CASE[/VARIANT]:bug|near-miss...
 * detect --list
 *
 * * One trial is made in this process, for `run` to watch. Several are made one after the other,
 * each in a child of its own, so that a tool that is slow to start is started once; what each
 * wrote and how it ended is then told apart by the lines around it. */
#include <errno.h>
#include <harena.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

enum { WRONG_CALL = 2 };

static _Noreturn void refuse(const char *what, const char *text) {
  fprintf(stderr, "%s: \"%s\"\n", what, text);
  exit(WRONG_CALL);
}

static const detection_case *find_case(const char *name) {
  for (const detection_case *const *group = detection_groups; *group; group++) {
    for (const detection_case *it = *group; it->name; it++) {
      if (strcmp(it->name, name) == 0) {
        return it;
      }
    }
  }
  refuse("no such case", name);
}

static void list_cases(void) {
  for (const detection_case *const *group = detection_groups; *group; group++) {
    for (const detection_case *it = *group; it->name; it++) {
      puts(it->name);
    }
  }
}

size_t trial_number(const struct trial *trial) {
  char *end;
  errno = 0;
  size_t number = strtoul(trial->variant, &end, 10);
  if (end == trial->variant || *end != '\0' || errno != 0) {
    trial_unknown(trial);
  }
  return number;
}

bool trial_is(const struct trial *trial, const char *variant) {
  return strcmp(trial->variant, variant) == 0;
}

_Noreturn void trial_unknown(const struct trial *trial) {
  refuse("no such variant", trial->variant);
}

static bool is_bug(const char *mode) {
  if (strcmp(mode, "bug") != 0 && strcmp(mode, "near-miss") != 0) {
    refuse("neither bug nor near-miss", mode);
  }
  return strcmp(mode, "bug") == 0;
}

/* Cuts the text at the first `separator` and returns what is behind it. */
static const char *cut(char *text, char separator) {
  char *place = strchr(text, separator);
  if (!place) {
    return "";
  }
  *place = '\0';
  return place + 1;
}

static void make_trial(const char *description) {
  char text[128];
  snprintf(text, sizeof text, "%s", description);
  const char *mode = cut(text, ':');
  const char *variant = cut(text, '/');
  struct trial trial = {is_bug(mode), variant};
  find_case(text)->run(&trial);
}

/* What a process does once, at its first arena, is done for all children. */
static void warm_up(void) { harena_close(harena_open(NULL)); }

static void make_trial_apart(const char *description) {
  fprintf(stderr, "detect: begin %s\n", description);
  pid_t child = fork();
  if (child == 0) {
    make_trial(description);
    exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    refuse("cannot have a child", strerror(errno));
  }
  int result = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  fprintf(stderr, "detect: end %s %d\n", description, result);
}

int main(int count, char **arguments) {
  if (count < 2) {
    refuse("usage: detect CASE[/VARIANT]:bug|near-miss...", "");
  }
  if (strcmp(arguments[1], "--list") == 0) {
    list_cases();
    return 0;
  }
  if (count == 2) {
    make_trial(arguments[1]);
    return 0;
  }
  warm_up();
  for (int i = 1; i < count; i++) {
    make_trial_apart(arguments[i]);
  }
  return 0;
}
