#include "line.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char cut[] = "...";

static void add_bytes(harena__line *line, const char *bytes, size_t length) {
  size_t room = HARENA__LINE_SIZE - 1 - line->length;
  bool fits = length <= room;
  memcpy(line->text + line->length, bytes, fits ? length : room);
  line->length += fits ? length : room;
  line->text[line->length] = '\0';
  if (!fits) {
    memcpy(line->text + HARENA__LINE_SIZE - sizeof cut, cut, sizeof cut);
  }
}

void harena__add(harena__line *line, const char *text) { add_bytes(line, text, strlen(text)); }

static void add_digits(harena__line *line, uint64_t number, unsigned base) {
  char digits[24];
  size_t first = sizeof digits;
  do {
    digits[--first] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  add_bytes(line, digits + first, sizeof digits - first);
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

/* The bits of a character's first byte, and how many bytes continue it; SIZE_MAX: no first byte. */
static size_t continuation_bytes(unsigned char first, uint32_t *bits) {
  if (first < 0x80) {
    *bits = first;
    return 0;
  }
  if ((first & 0xe0) == 0xc0) {
    *bits = first & 0x1f;
    return 1;
  }
  if ((first & 0xf0) == 0xe0) {
    *bits = first & 0x0f;
    return 2;
  }
  if ((first & 0xf8) == 0xf0) {
    *bits = first & 0x07;
    return 3;
  }
  return SIZE_MAX;
}

static bool is_printable(uint32_t character, size_t continued) {
  static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  bool is_control = character < 0x20 || (character >= 0x7f && character < 0xa0);
  bool is_surrogate = character >= 0xd800 && character < 0xe000;
  return !is_control && !is_surrogate && character >= smallest[continued] && character <= 0x10ffff;
}

/* The length of the printable UTF-8 character that begins at `text`; 0 when none does. */
static size_t printable_length(const char *text) {
  uint32_t character;
  size_t continued = continuation_bytes((unsigned char)text[0], &character);
  if (continued == SIZE_MAX) {
    return 0;
  }
  for (size_t i = 1; i <= continued; i++) {
    unsigned char byte = (unsigned char)text[i];
    if ((byte & 0xc0) != 0x80) {
      return 0;
    }
    character = character << 6 | (byte & 0x3f);
  }
  return is_printable(character, continued) ? continued + 1 : 0;
}

void harena__add_name(harena__line *line, const char *name) {
  while (*name) {
    size_t length = printable_length(name);
    if (length > 0) {
      add_bytes(line, name, length);
      name += length;
    } else {
      harena__add(line, "\\x");
      harena__add_byte(line, (unsigned char)*name++);
    }
  }
}

void harena__write_all(int file, const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(file, text, length);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return;
    }
    text += written;
    length -= (size_t)written;
  }
}

void harena__write_line_to_stderr(const char *line) {
  char text[HARENA__LINE_SIZE + 1];
  size_t length = strnlen(line, HARENA__LINE_SIZE);
  memcpy(text, line, length);
  text[length] = '\n';
  harena__write_all(STDERR_FILENO, text, length + 1);
}
