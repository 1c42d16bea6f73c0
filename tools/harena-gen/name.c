#include "name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "path.h"
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

/* Also with letters of other alphabets in UTF-8, and with `$`, which compilers take for one. */
static bool is_identifier(const char *text) {
  if (isdigit((unsigned char)*text)) {
    return false;
  }
  const char *end = text;
  while (isalnum((unsigned char)*end) || *end == '_' || *end == '$' ||
         (unsigned char)*end >= 0x80) {
    end++;
  }
  return *end == 0 && end > text;
}

bool name_is_of_type(const char *name) {
  static const char *const keywords[] = {"struct ", "union ", "enum "};
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
    size_t length = strlen(keywords[i]);
    if (strncmp(name, keywords[i], length) == 0) {
      return is_identifier(name + length);
    }
  }
  return is_identifier(name);
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

/* Whether an include of `name` finds `header`: the first of the folders that has such a file ends
 * the search. */
static bool is_found_as(harena *arena, const char *name, const char *header,
                        const struct words *folders) {
  for (size_t i = 0; i < folders->count; i++) {
    const char *found = harena_printf(arena, "%s/%s", folders->word[i], name);
    struct stat status;
    if (stat(found, &status) == 0 && !S_ISDIR(status.st_mode)) {
      return path_is_same(found, header);
    }
  }
  return false;
}

/* The shortest name below a folder that means `header` and not a namesake; NULL: none does. */
static const char *shortest_name(harena *arena, const char *header, const struct words *folders) {
  const char *shortest = NULL;
  for (size_t i = 0; i < folders->count; i++) {
    char *folder = realpath(folders->word[i], NULL);
    const char *name = folder ? path_below(header, folder) : NULL;
    if (name && (!shortest || strlen(name) < strlen(shortest)) &&
        is_found_as(arena, name, header, folders)) {
      shortest = name;
    }
    free(folder);
  }
  return shortest;
}

const char *name_in_include(harena *arena, const char *header, const struct words *folders) {
  const char *path = path_resolved(arena, header);
  const char *from = path_resolved(arena, folders->word[0]);
  if (!path || !from) {
    return NULL;
  }
  const char *shortest = shortest_name(arena, path, folders);
  const char *name = shortest ? shortest : path_between(arena, from, path);
  if (strpbrk(name, "\"\\\n")) {
    refuse("%s: no include can have this name, with a quote, backslash or end of line", header);
    return NULL;
  }
  return name;
}
