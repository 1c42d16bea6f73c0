/* Paths, and the files that they mean. */
#ifndef HARENA_GEN_PATH_H
#define HARENA_GEN_PATH_H

#include <harena.h>
#include <stdbool.h>

/* The absolute path without links. NULL after saying why there is none. */
const char *path_resolved(harena *arena, const char *path);

/* The absolute path without "." and "..", by its text alone: links stay, also those that the name
 * of the working directory has in PWD. It is how clang names a file. */
const char *path_absolute(harena *arena, const char *path);

/* What of `path` lies below `folder`; NULL when it does not. Both are resolved. */
const char *path_below(const char *path, const char *folder);

/* The path from a folder to a file, both resolved: "../../a/b.h". */
const char *path_between(harena *arena, const char *folder, const char *path);

/* Whether two paths lead to one file or folder. */
bool path_is_same(const char *one, const char *other);

bool path_ends_with(const char *path, const char *end);

/* The folder of a file, without a slash at its end. */
const char *path_folder(harena *arena, const char *file);

#endif
