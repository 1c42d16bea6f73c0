/* Reports: JSON and SARIF stay valid, and text stays lines, whatever arenas are called. */
#include <string.h>

#include "engine/demand.h"
#include "engine/target.h"
#include "report/json.h"
#include "report/sarif.h"
#include "report/text.h"

enum { MOST_NESTED = 32, ROOM = 64 * 1024 };

/* ---- JSON, read ---- */

typedef struct reader {
  const unsigned char *next;
  unsigned depth;
} reader;

static void skip_blanks(reader *it) { it->next += strspn((const char *)it->next, " \t\r\n"); }

static void take(reader *it, char expected) {
  demand(*it->next == (unsigned char)expected);
  it->next++;
}

/* The length of the character at `text` in UTF-8, which is not the shortest way to write
 * another. */
static unsigned check_character(const unsigned char *text) {
  static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned length = text[0] < 0x80 ? 1 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
  unsigned code = length == 1 ? text[0] : text[0] & (0x7FU >> length);
  demand(text[0] < 0x80 || (text[0] >= 0xC2 && text[0] < 0xF5));
  for (unsigned i = 1; i < length; i++) {
    demand((text[i] & 0xC0) == 0x80);
    code = code << 6 | (text[i] & 0x3FU);
  }
  demand(code >= smallest[length] && code < 0x110000 && (code < 0xD800 || code > 0xDFFF));
  return length;
}

static void read_escape(reader *it) {
  take(it, '\\');
  if (*it->next == 'u') {
    demand(strspn((const char *)it->next + 1, "0123456789abcdefABCDEF") >= 4);
    it->next += 5;
  } else {
    demand(*it->next != '\0' && strchr("\"\\/bfnrt", *it->next));
    it->next++;
  }
}

static void read_text(reader *it) {
  take(it, '"');
  while (*it->next != '"') {
    demand(*it->next >= 0x20);
    if (*it->next == '\\') {
      read_escape(it);
    } else {
      it->next += check_character(it->next);
    }
  }
  take(it, '"');
}

static void read_word(reader *it) {
  size_t length = strspn((const char *)it->next, "-+.0123456789abcdefghijklmnopqrstuvwxyzE");
  demand(length > 0);
  it->next += length;
}

static void read_value(reader *it);

static void read_members(reader *it, char open, char close) {
  take(it, open);
  demand(++it->depth < MOST_NESTED);
  for (skip_blanks(it); *it->next != (unsigned char)close; skip_blanks(it)) {
    if (open == '{') {
      read_text(it);
      skip_blanks(it);
      take(it, ':');
    }
    read_value(it);
    skip_blanks(it);
    if (*it->next != (unsigned char)close) {
      take(it, ',');
      skip_blanks(it);
      demand(*it->next != (unsigned char)close);
    }
  }
  it->depth--;
  take(it, close);
}

static void read_value(reader *it) {
  skip_blanks(it);
  if (*it->next == '{') {
    read_members(it, '{', '}');
  } else if (*it->next == '[') {
    read_members(it, '[', ']');
  } else if (*it->next == '"') {
    read_text(it);
  } else {
    read_word(it);
  }
}

static void check_document(const char *text) {
  reader it = {(const unsigned char *)text, 0};
  read_value(&it);
  skip_blanks(&it);
  demand(*it.next == '\0');
}

/* ---- Findings ---- */

static void check_line(const char *line) {
  for (; *line; line++) {
    demand((unsigned char)*line >= 0x20 || *line == '\t');
    demand(*line != 0x7F);
  }
}

static void check_formats(const harena__finding *finding) {
  static harena__report report;
  static char text[ROOM];
  harena__make_report(&report, finding);
  harena__json json = harena__json_into(text, sizeof text);
  harena__write_json(&report, &json);
  check_document(text);
  json = harena__json_into(text, sizeof text);
  harena__write_sarif(&report, &json);
  check_document(text);
  harena__write_text(&report, false, check_line);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  harena__watch watch = {.open = true, .generation = 1};
  if (size < 2) {
    return 0;
  }
  size_t length = size - 2 < sizeof watch.name - 1 ? size - 2 : sizeof watch.name - 1;
  memcpy(watch.name, bytes + 2, length);
  harena__finding finding = {
      .class = (harena__class)(bytes[0] % HARENA__CLASSES),
      .what = "something was found",
      .address = bytes,
      .access_size = bytes[1],
      .is_write = bytes[1] & 1,
      .arena = bytes[1] & 2 ? &watch : NULL,
      .arena_name = bytes[1] & 4 ? watch.name : NULL,
      .bytes = bytes[1] & 8 ? (const char *)bytes : NULL,
      .byte_count = size < 16 ? size : 16,
  };
  check_formats(&finding);
  return 0;
}
