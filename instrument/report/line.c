#include "line.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "printable.h"

static const char cut[] = "...";

/* Between two characters: one that was cut in two would make the line no UTF-8. */
static void cut_off(harena__line *line) {
  size_t end = HARENA__LINE_SIZE - sizeof cut;
  while (end > 0 && (line->text[end] & 0xc0) == 0x80) {
    end--;
  }
  memcpy(line->text + end, cut, sizeof cut);
  line->length = end + sizeof cut - 1;
  line->is_cut = true;
}

void harena__add_bytes(harena__line *line, const char *bytes, size_t length) {
  if (line->is_cut) {
    return;
  }
  size_t room = HARENA__LINE_SIZE - 1 - line->length;
  bool fits = length <= room;
  memcpy(line->text + line->length, bytes, fits ? length : room);
  line->length += fits ? length : room;
  line->text[line->length] = '\0';
  if (!fits) {
    cut_off(line);
  }
}

void harena__add(harena__line *line, const char *text) {
  harena__add_bytes(line, text, strlen(text));
}

static void add_digits(harena__line *line, uint64_t number, unsigned base) {
  char digits[24];
  size_t first = sizeof digits;
  do {
    digits[--first] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  harena__add_bytes(line, digits + first, sizeof digits - first);
}

void harena__add_number(harena__line *line, uint64_t number) { add_digits(line, number, 10); }

void harena__add_signed(harena__line *line, int64_t number) {
  if (number < 0) {
    harena__add(line, "-");
  }
  harena__add_number(line, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void harena__add_hex(harena__line *line, uint64_t number) {
  harena__add(line, "0x");
  add_digits(line, number, 16);
}

void harena__add_byte(harena__line *line, unsigned char byte) {
  add_digits(line, byte >> 4, 16);
  add_digits(line, byte & 15, 16);
}

void harena__add_column(harena__line *line, size_t column) {
  do {
    harena__add(line, " ");
  } while (line->length < column);
}

void harena__add_name(harena__line *line, const char *name) {
  while (*name) {
    size_t length = harena__printable_length(name);
    if (length > 0) {
      harena__add_bytes(line, name, length);
      name += length;
    } else {
      harena__add(line, "\\x");
      harena__add_byte(line, (unsigned char)*name++);
    }
  }
}

bool harena__write_all(int file, const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(file, text, length);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    text += written;
    length -= (size_t)written;
  }
  return true;
}

void harena__write_line_to_stderr(const char *line) {
  char text[HARENA__LINE_SIZE + 1];
  size_t length = strnlen(line, HARENA__LINE_SIZE);
  memcpy(text, line, length);
  text[length] = '\n';
  harena__write_all(STDERR_FILENO, text, length + 1);
}
