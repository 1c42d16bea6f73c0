/* harena-gen: writes the typed views of types, with the linkage that their visibility calls for.
 *
 * Order of work: read the command line (request), parse the input (source), find the types
 * (lookup), look for pointers in them (pointers), write the files (output). Nothing is written
 * before every type of the run has passed, and all files are or none. */
#include <stdio.h>
#include <stdlib.h>

#include "lookup.h"
#include "output.h"
#include "pointers.h"
#include "request.h"
#include "source.h"

static bool look_for_pointers(const struct source *source, struct target *target) {
  if (!source->request->pointer_map) {
    return pointers_are_none(source, target);
  }
  target->pointers = pointers_list(source, target);
  return target->pointers;
}

/* Every type is looked at, so that one run says all that is wrong. */
static bool inspect_all(const struct source *source, struct targets *targets) {
  lookup_types(source, targets);
  bool good = true;
  for (size_t i = 0; i < targets->count; i++) {
    struct target *target = &targets->target[i];
    good = lookup_is_usable(source, target) && look_for_pointers(source, target) && good;
  }
  return good;
}

static bool generate(const struct request *request) {
  struct targets targets;
  if (!lookup_names(request, &targets)) {
    return false;
  }
  struct source source;
  bool good = source_open(&source, request, &targets) && inspect_all(&source, &targets) &&
              output_all(&source, &targets);
  source_close(&source);
  return good;
}

int main(int count, char **words) {
  (void)count;
  harena_options options = {.name = "harena-gen", .flags = HARENA_ABORT_ON_FAILURE};
  struct request request = {.arena = harena_open(&options)};
  enum answer answer = request_read(&request, words);
  bool good = answer == ANSWER_DONE || (answer == ANSWER_GENERATE && generate(&request));
  harena_close(request.arena);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
