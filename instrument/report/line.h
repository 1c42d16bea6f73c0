/* One line of text, built in place: reports are written where stdio and the heap must not be
 * used. */
#ifndef HARENA_INSTRUMENT_LINE_H
#define HARENA_INSTRUMENT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HARENA__LINE_SIZE = 1024 };

/* {0} is an empty line. What does not fit is cut between two characters, and the line then ends in
 * "...". */
typedef struct harena__line {
  size_t length;
  bool is_cut;
  char text[HARENA__LINE_SIZE]; /* ends with a NUL */
} harena__line;

void harena__add(harena__line *line, const char *text);
void harena__add_bytes(harena__line *line, const char *bytes, size_t length);
void harena__add_number(harena__line *line, uint64_t number);
void harena__add_signed(harena__line *line, int64_t number);
void harena__add_hex(harena__line *line, uint64_t number);     /* 0x... */
void harena__add_byte(harena__line *line, unsigned char byte); /* two hexadecimal digits */

/* Spaces up to a column, one at least. */
void harena__add_column(harena__line *line, size_t column);

/* Text that somebody else chose: control characters and what is no UTF-8 become \xNN, so that a
 * name cannot break a line or drive a terminal. */
void harena__add_name(harena__line *line, const char *name);

/* Writes all of it; or as much as the file takes, and returns false with errno. */
bool harena__write_all(int file, const char *text, size_t length);

/* Writes a line and its end to stderr. */
void harena__write_line_to_stderr(const char *line);

#endif
