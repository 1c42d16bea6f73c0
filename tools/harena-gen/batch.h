/* Files that are written all or none. */
#ifndef HARENA_GEN_BATCH_H
#define HARENA_GEN_BATCH_H

#include <harena.h>
#include <stdbool.h>
#include <stdio.h>

/* {.arena = ...} is empty. */
struct batch {
  harena *arena;
  struct batch_file *first;
};

/* Opens a file for writing that batch_commit() puts at `path`, in the place of a regular file or of
 * none; until then it has another name beside it. NULL after saying why that is not possible. */
FILE *batch_open(struct batch *batch, const char *path);

/* Closes the file that was opened last. False after saying that it is not complete. */
bool batch_close(struct batch *batch);

/* Puts all files in their places. False after saying which could not be, and all is as before. */
bool batch_commit(struct batch *batch);

/* Removes the files that were not put anywhere. */
void batch_end(struct batch *batch);

#endif
