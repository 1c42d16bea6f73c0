#include "lines.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum { BUFFER_SIZE = LINE_LIMIT + 1 };

static bool fail_on_file(const struct lines *lines, const char *problem) {
  fprintf(stderr, "debpkg: %s: %s: %s\n", lines->path, problem, strerror(errno));
  return false;
}

bool lines_fail(const struct lines *lines, size_t number, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "debpkg: %s:%zu: ", lines->path, number);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  return false;
}

static void close_file(void *file) { fclose(file); }

bool lines_open(struct lines *lines, harena *arena, const char *path) {
  bool standard_input = strcmp(path, "-") == 0;
  *lines = (struct lines){.path = standard_input ? "standard input" : path};
  lines->file = standard_input ? stdin : fopen(path, "r");
  if (lines->file == NULL) {
    return fail_on_file(lines, "cannot open");
  }
  /* From here on the arena closes the file, whatever way the program takes. */
  if (!standard_input && !harena_defer(arena, close_file, lines->file)) {
    fclose(lines->file);
    return fail_on_file(lines, "cannot open");
  }
  lines->buffer = harena_new_array(arena, char, BUFFER_SIZE);
  return lines->buffer != NULL || fail_on_file(lines, "no memory for the read buffer");
}

/* Moves what is left to the front and reads behind it. */
static bool refill(struct lines *lines) {
  size_t left = lines->end - lines->start;
  memmove(lines->buffer, lines->buffer + lines->start, left);
  lines->start = 0;
  lines->end = left + fread(lines->buffer + left, 1, BUFFER_SIZE - left, lines->file);
  return !ferror(lines->file) || fail_on_file(lines, "cannot read");
}

static char *find_newline(const struct lines *lines) {
  return memchr(lines->buffer + lines->start, '\n', lines->end - lines->start);
}

static bool check_text(const struct lines *lines, struct text line) {
  const char *nul = memchr(line.start, '\0', line.length);
  return nul == NULL || lines_fail(lines, lines->number,
                                   "a NUL byte at column %td: not a text file (is it compressed?)",
                                   nul - line.start + 1);
}

/* What is left in the buffer has no newline, although the buffer was filled: say why. */
static enum line_result end_of_lines(struct lines *lines) {
  struct text rest = {lines->buffer, lines->end};
  if (rest.length == 0) {
    return LINE_END;
  }
  lines->number++;
  if (!check_text(lines, rest)) {
    return LINE_BAD;
  }
  if (rest.length == BUFFER_SIZE) {
    lines_fail(lines, lines->number, "the line is longer than %d bytes", LINE_LIMIT);
  } else {
    lines_fail(lines, lines->number, "the file ends within this line: it is truncated");
  }
  return LINE_BAD;
}

enum line_result lines_next(struct lines *lines, struct text *line) {
  char *newline = find_newline(lines);
  if (newline == NULL) {
    if (!refill(lines)) {
      return LINE_BAD;
    }
    newline = find_newline(lines);
  }
  if (newline == NULL) {
    return end_of_lines(lines);
  }
  line->start = lines->buffer + lines->start;
  line->length = (size_t)(newline - line->start);
  lines->start += line->length + 1;
  lines->number++;
  return check_text(lines, *line) ? LINE_READ : LINE_BAD;
}
