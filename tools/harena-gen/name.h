/* Names made of names. */
#ifndef HARENA_GEN_NAME_H
#define HARENA_GEN_NAME_H

#include <harena.h>
#include <stdbool.h>

#include "words.h"

/* Whether a type can have the name: "Point", "struct point". Files are named after it. */
bool name_is_of_type(const char *name);

/* "CircleWithPointer" and "struct circle_with_pointer" are circle_with_pointer, "HTTPServer" is
 * http_server. */
const char *name_of_type(harena *arena, const char *type);

/* "CIRCLE_HARENA_H" of "circle". */
const char *name_of_guard(harena *arena, const char *name);

/* The path of a file to write: "DIRECTORY/NAME.harena.SUFFIX". */
const char *name_of_output(harena *arena, const char *directory, const char *name,
                           const char *suffix);

/* How a file in the first of the `folders` includes `header`: by the shortest path below one of them
 * that finds this header, when they are searched in order; else by the path from the first. So the
 * text does not depend on where the project lies. NULL after saying which path cannot be resolved,
 * or stand between quotes. */
const char *name_in_include(harena *arena, const char *header, const struct words *folders);

#endif
