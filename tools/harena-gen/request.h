/* What the command line asks for. */
#ifndef HARENA_GEN_REQUEST_H
#define HARENA_GEN_REQUEST_H

#include <harena.h>
#include <stdbool.h>

#include "words.h"

struct request {
  harena *arena; /* holds everything of the run; a shortage ends the program */
  const char *input;
  const char *directory;
  const char *depfile; /* NULL: none */
  bool pointer_map;
  struct words types; /* as given: "Point", "struct conn" */
  struct words flags; /* for clang */
};

enum answer { ANSWER_GENERATE, ANSWER_DONE, ANSWER_REFUSED };

/* Reads the command line, which ends in NULL, into a zeroed request whose arena is set. --help and
 * --version are answered here: ANSWER_DONE. */
enum answer request_read(struct request *request, char **words);

#endif
