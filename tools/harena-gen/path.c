#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "refuse.h"

const char *path_resolved(harena *arena, const char *path) {
  char *found = realpath(path, NULL);
  if (!found) {
    refuse("%s: %s", path, strerror(errno));
    return NULL;
  }
  const char *kept = harena_strdup(arena, found);
  free(found);
  return kept;
}

static const char *working_folder(harena *arena) {
  const char *named = getenv("PWD");
  return named && *named == '/' && path_is_same(named, ".") ? named : path_resolved(arena, ".");
}

const char *path_absolute(harena *arena, const char *path) {
  const char *rest =
      *path == '/' ? path : harena_printf(arena, "%s/%s", working_folder(arena), path);
  char *made = harena_alloc_zeroed(arena, strlen(rest) + 2, 1);
  while (*rest) {
    int length = (int)strcspn(rest, "/");
    char *slash = strrchr(made, '/');
    if (length == 2 && strncmp(rest, "..", 2) == 0) {
      *(slash ? slash : made) = 0;
    } else if (length > 0 && !(length == 1 && *rest == '.')) {
      made = harena_printf(arena, "%s/%.*s", made, length, rest);
    }
    rest += length + (rest[length] == '/');
  }
  return made;
}

const char *path_below(const char *path, const char *folder) {
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0) {
    return NULL;
  }
  if (length && folder[length - 1] == '/') {
    return path + length;
  }
  return path[length] == '/' ? path + length + 1 : NULL;
}

const char *path_between(harena *arena, const char *folder, const char *path) {
  const char *up = "";
  char *shared = harena_strdup(arena, folder);
  const char *rest = path_below(path, shared);
  while (!rest) {
    char *slash = strrchr(shared, '/');
    slash[slash == shared] = 0;
    up = harena_printf(arena, "../%s", up);
    rest = path_below(path, shared);
  }
  return harena_printf(arena, "%s%s", up, rest);
}

bool path_is_same(const char *one, const char *other) {
  struct stat first, second;
  return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

bool path_ends_with(const char *path, const char *end) {
  size_t length = strlen(path);
  size_t rest = strlen(end);
  return length >= rest && strcmp(path + length - rest, end) == 0;
}

const char *path_folder(harena *arena, const char *file) {
  const char *slash = strrchr(file, '/');
  return slash ? harena_strndup(arena, file, (size_t)(slash - file)) : ".";
}
