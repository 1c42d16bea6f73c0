#include "name.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "refuse.h"

static bool is_upper(char letter) { return isupper((unsigned char)letter); }
static bool is_lower(char letter) { return islower((unsigned char)letter); }

/* Whether a word begins at `at`, inside a name: fooBar, HTTPServer, sha256Sum. */
static bool begins_word(const char *name, size_t at) {
  if (at == 0 || !is_upper(name[at]) || name[at - 1] == '_') {
    return false;
  }
  return is_lower(name[at - 1]) || is_lower(name[at + 1]);
}

const char *name_of_type(harena *arena, const char *type) {
  const char *space = strrchr(type, ' ');
  const char *name = space ? space + 1 : type;
  char *made = harena_alloc(arena, 2 * strlen(name) + 1, 1);
  size_t length = 0;
  for (size_t i = 0; name[i]; i++) {
    if (begins_word(name, i)) {
      made[length++] = '_';
    }
    made[length++] = (char)tolower((unsigned char)name[i]);
  }
  made[length] = 0;
  return made;
}

const char *name_of_guard(harena *arena, const char *name) {
  char *guard = harena_printf(arena, "%s_HARENA_H", name);
  for (char *letter = guard; *letter; letter++) {
    *letter = (char)toupper((unsigned char)*letter);
  }
  return guard;
}

const char *name_of_output(harena *arena, const char *directory, const char *name,
                           const char *suffix) {
  return harena_printf(arena, "%s/%s.harena.%s", directory, name, suffix);
}

/* The absolute path without links, in the arena. */
static const char *resolved(harena *arena, const char *path) {
  char *found = realpath(path, NULL);
  if (!found) {
    refuse("%s: %s", path, strerror(errno));
    return NULL;
  }
  const char *kept = harena_strdup(arena, found);
  free(found);
  return kept;
}

/* What of `path` lies below `folder`; NULL when it does not. */
static const char *below(const char *path, const char *folder) {
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0) {
    return NULL;
  }
  if (length && folder[length - 1] == '/') {
    return path + length;
  }
  return path[length] == '/' ? path + length + 1 : NULL;
}

/* The path from one absolute folder to an absolute path: "../../a/b.h". */
static const char *path_between(harena *arena, const char *folder, const char *path) {
  const char *up = "";
  char *shared = harena_strdup(arena, folder);
  const char *rest = below(path, shared);
  while (!rest) {
    char *slash = strrchr(shared, '/');
    slash[slash == shared] = 0;
    up = harena_printf(arena, "../%s", up);
    rest = below(path, shared);
  }
  return harena_printf(arena, "%s%s", up, rest);
}

const char *name_in_include(harena *arena, const char *header, const char *directory,
                            const struct words *folders) {
  const char *path = resolved(arena, header);
  const char *from = resolved(arena, directory);
  if (!path || !from) {
    return NULL;
  }
  const char *shortest = NULL;
  for (size_t i = 0; i < folders->count; i++) {
    char *folder = realpath(folders->word[i], NULL);
    const char *rest = folder ? below(path, folder) : NULL;
    if (rest && (!shortest || strlen(rest) < strlen(shortest))) {
      shortest = rest;
    }
    free(folder);
  }
  return shortest ? shortest : path_between(arena, from, path);
}
