/* A configuration parser: each line is taken apart in a scratch arena that is cleared behind it;
 * what lasts is copied into a second arena. */
#include <ctype.h>
#include <string.h>

#include "correct.h"

typedef struct setting {
  const char *section;
  const char *key;
  const char *value;
  struct setting *next;
} setting;

typedef struct parser {
  harena *scratch;
  harena *lasting;
  const char *section;
  setting *newest;
  size_t count;
} parser;

static const char *skip_blanks(const char *text) {
  while (*text == ' ') {
    text++;
  }
  return text;
}

/* A copy in scratch without the blanks at both ends. */
static char *trimmed(parser *it, const char *from, const char *to) {
  from = skip_blanks(from);
  while (to > from && isspace((unsigned char)to[-1])) {
    to--;
  }
  return harena_strndup(it->scratch, from, (size_t)(to - from));
}

static void add_setting(parser *it, const char *key, const char *value) {
  setting *added = harena_new(it->lasting, setting);
  REQUIRE(added);
  *added = (setting){.section = it->section,
                     .key = harena_strdup(it->lasting, key),
                     .value = harena_strdup(it->lasting, value),
                     .next = it->newest};
  it->newest = added;
  it->count++;
}

static void parse_line(parser *it, const char *line) {
  line = skip_blanks(line);
  const char *end = line + strlen(line);
  const char *equals = strchr(line, '=');
  if (*line == '[') {
    char *name = trimmed(it, line + 1, strchr(line, ']'));
    it->section = harena_strdup(it->lasting, name);
  } else if (equals && *line != '#') {
    char *key = trimmed(it, line, equals);
    char *value = trimmed(it, equals + 1, end);
    add_setting(it, key, value);
  }
}

static void parse(parser *it, const char *text) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    char *line = harena_strndup(it->scratch, text, length);
    parse_line(it, line);
    harena_clear(it->scratch);
    text += length + (text[length] == '\n');
  }
}

static const char *find(const parser *it, const char *section, const char *key) {
  for (const setting *each = it->newest; each; each = each->next) {
    if (strcmp(each->section, section) == 0 && strcmp(each->key, key) == 0) {
      return each->value;
    }
  }
  return "";
}

static const char configuration[] =
    "# what a server wants to know\n"
    "[network]\n"
    "port = 8080\n"
    "  host = ::1   \n"
    "\n"
    "[log]\n"
    "level=debug\n"
    "file =\n"
    "[network]\n"
    "port = 9090";

void correct_parser(void) {
  parser it = {.scratch = harena_open(&(harena_options){.name = "scratch"}),
               .lasting = harena_open(&(harena_options){.name = "configuration"}),
               .section = ""};
  for (int i = 0; i < 50; i++) {
    parse(&it, configuration);
  }
  REQUIRE(it.count == 250);
  REQUIRE(strcmp(find(&it, "network", "port"), "9090") == 0);
  REQUIRE(strcmp(find(&it, "network", "host"), "::1") == 0);
  REQUIRE(strcmp(find(&it, "log", "file"), "") == 0);
  harena_close(it.scratch);
  harena_close(it.lasting);
}
