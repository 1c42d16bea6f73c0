/* A text file as numbered lines, read through one buffer of fixed size: how long the file is does
 * not matter, and nothing is copied. */
#ifndef DEBPKG_LINES_H
#define DEBPKG_LINES_H

#include <harena.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "text.h"

enum { LINE_LIMIT = 1 << 20 }; /* bytes of the longest line taken, without its newline */

struct lines {
  const char *path;
  FILE *file;
  char *buffer;
  size_t start, end; /* of what the buffer holds and was not handed out yet */
  size_t number;     /* of the line handed out last, from 1 */
};

enum line_result { LINE_READ, LINE_END, LINE_BAD };

/* Opens `path`, "-" for standard input. The buffer is in `arena`, and the file is closed when the
 * arena is. False after a message. */
bool lines_open(struct lines *lines, harena *arena, const char *path);

/* The next line, without its newline; it is good until the next call. LINE_BAD comes after a
 * message: the file cannot be read, is not text, ends within a line, or a line is too long. */
enum line_result lines_next(struct lines *lines, struct text *line);

/* Writes "debpkg: PATH:NUMBER: " and the message to stderr. Always false, to be returned. */
bool lines_fail(const struct lines *lines, size_t number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
