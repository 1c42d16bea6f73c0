/* The input as clang understands it. */
#ifndef HARENA_GEN_SOURCE_H
#define HARENA_GEN_SOURCE_H

#include <clang-c/Index.h>

#include "overlay.h"
#include "refuse.h"
#include "request.h"
#include "target.h"

struct source {
  const struct request *request;
  struct words folders; /* where includes are looked for, in order; the first is --dir */
  struct overlay overlay;
  CXIndex index;
  CXTranslationUnit unit;
  struct words macros; /* names of those that the input defines; only for a pointer map */
};

/* Parses the input into a source. The files that this run writes count as there (overlay.h). False
 * after printing what clang has against the input or the flags; the source is to be closed all the
 * same. */
bool source_open(struct source *source, const struct request *request,
                 const struct targets *targets);
void source_close(struct source *source);

/* Where a cursor is; in the expansion of a macro, where that is used. */
struct place source_place(harena *arena, CXCursor cursor);

/* The string, in the arena. */
const char *source_text(harena *arena, CXString string);

/* As it is written. */
const char *source_token(const struct source *source, CXToken token);

/* Whether a macro stands for anything but its own name, as in `#define stdin stdin`. */
bool source_macro_means_other(const struct source *source, CXCursor macro);

/* Whether the file at a place is a source file, which no other file sees, and not a header. */
bool source_is_private(const struct place *place);

/* How a file in the request's directory brings what is at `cursor`, with quotes or angles: by the
 * input if that is a header, else by the header that the input itself includes. NULL after saying
 * why there is no way. */
const char *source_include(const struct source *source, CXCursor cursor);

/* Every file that was read. */
struct words source_files(const struct source *source);

#endif
