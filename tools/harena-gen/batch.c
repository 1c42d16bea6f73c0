#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "refuse.h"

struct batch_file {
  FILE *file;        /* open while it is written */
  const char *place; /* where it belongs */
  const char *fresh; /* its name until then */
  const char *old;   /* of what was in its place, until all files are in theirs */
  bool is_put;
  bool has_old;
  struct batch_file *next;
};

/* A link stays one: what it leads to is replaced. */
static const char *place_of(harena *arena, const char *path) {
  char *found = realpath(path, NULL);
  const char *place = found ? harena_strdup(arena, found) : path;
  free(found);
  return place;
}

static bool refuse_file(const struct batch_file *file) {
  return refuse("%s: %s", file->place, strerror(errno));
}

FILE *batch_open(struct batch *batch, const char *path) {
  struct batch_file *file = harena_new_zeroed(batch->arena, struct batch_file);
  long number = getpid();
  file->place = place_of(batch->arena, path);
  file->fresh = harena_printf(batch->arena, "%s.%ld.new", file->place, number);
  file->old = harena_printf(batch->arena, "%s.%ld.old", file->place, number);
  file->file = fopen(file->fresh, "w");
  if (!file->file) {
    refuse_file(file);
    return NULL;
  }
  file->next = batch->first;
  batch->first = file;
  return file->file;
}

bool batch_close(struct batch *batch) {
  struct batch_file *file = batch->first;
  bool written = !ferror(file->file);
  return (fclose(file->file) == 0 && written) || refuse_file(file);
}

/* Moves aside what is in the file's place, which may be nothing. */
static bool make_room(struct batch_file *file) {
  struct stat status;
  if (stat(file->place, &status) != 0) {
    return errno == ENOENT || refuse_file(file);
  }
  if (!S_ISREG(status.st_mode)) {
    return refuse("%s: a regular file is expected", file->place);
  }
  file->has_old = rename(file->place, file->old) == 0;
  return file->has_old || refuse_file(file);
}

static bool put(struct batch_file *file) {
  file->is_put = make_room(file) && (rename(file->fresh, file->place) == 0 || refuse_file(file));
  return file->is_put;
}

static void take_back(const struct batch_file *file) {
  if (file->is_put) {
    remove(file->place);
  }
  if (file->has_old) {
    rename(file->old, file->place);
  }
}

static void remove_old(const struct batch_file *file) {
  if (file->has_old) {
    remove(file->old);
  }
}

bool batch_commit(struct batch *batch) {
  bool good = true;
  for (struct batch_file *file = batch->first; good && file; file = file->next) {
    good = put(file);
  }
  for (struct batch_file *file = batch->first; file; file = file->next) {
    (good ? remove_old : take_back)(file);
  }
  return good;
}

void batch_end(struct batch *batch) {
  for (struct batch_file *file = batch->first; file; file = file->next) {
    remove(file->fresh);
  }
}
