/* What clang sees in the place of the files that a run is going to write. */
#ifndef HARENA_GEN_OVERLAY_H
#define HARENA_GEN_OVERLAY_H

#include "target.h"

struct overlay {
  harena *arena;
  const char *folder;  /* a temporary one, resolved; NULL: there is none yet */
  struct words places; /* where the files stand, by every name that their folder has */
  struct words files;  /* what is in the temporary folder */
};

/* Makes the header of each target look as if it were there and new, whatever lies at its place:
 * input that includes it needs the names of its types. By whatever path it is included: clang takes
 * an overlay's files by their absolute path, less "." and ".."; that path may lead through links if
 * --dir, one of the `folders`, the input's or the working directory does so too. False after saying what is in
 * the way; the overlay is to be closed all the same. */
bool overlay_open(struct overlay *overlay, const struct request *request,
                  const struct targets *targets, const struct words *folders);
void overlay_close(struct overlay *overlay);

/* The value of clang's -ivfsoverlay. */
const char *overlay_list(const struct overlay *overlay);

/* Whether a file, as clang names it, stands in for one that this run writes. */
bool overlay_has(const struct overlay *overlay, const char *file);

#endif
