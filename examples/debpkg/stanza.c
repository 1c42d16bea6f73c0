#include "stanza.h"

#include <string.h>
#include <strings.h>

#include "plant.h"

bool stanza_fail_on_memory(const struct lines *lines, const harena *arena) {
  if (harena_last_status(arena) == HARENA_LIMIT) {
    return lines_fail(lines, lines->number,
                      "the stanza needs more memory than the %zu bytes that --limit allows",
                      harena_measure(arena).capacity_bytes);
  }
  return lines_fail(lines, lines->number, "no memory for the stanza");
}

/* Planted: strlen() bytes for a string, the most common overrun of all. */
static char *copy_without_room_for_nul(harena *arena, struct text text) {
  char *copy = harena_new_array(arena, char, text.length);
  if (copy != NULL) {
    memcpy(copy, text.start, text.length);
    copy[text.length] = '\0';
  }
  return copy;
}

static char *copy_name(harena *arena, struct text name) {
  if (planted(PLANT_OVERRUN)) {
    return copy_without_room_for_nul(arena, name);
  }
  return harena_strndup(arena, name.start, name.length);
}

static bool is_blank(char character) {
  return character == ' ' || character == '\t' || character == '\r';
}

static struct text trim(struct text text) {
  while (text.length > 0 && is_blank(text.start[0])) {
    text.start++;
    text.length--;
  }
  while (text.length > 0 && is_blank(text.start[text.length - 1])) {
    text.length--;
  }
  return text;
}

static bool add_field(struct stanza *stanza, struct text line, const struct lines *lines,
                      harena *arena) {
  const char *colon = memchr(line.start, ':', line.length);
  if (colon == NULL || colon == line.start) {
    return lines_fail(lines, lines->number, "expected 'Field: value'");
  }
  struct text name = {line.start, (size_t)(colon - line.start)};
  struct text value = trim((struct text){colon + 1, line.length - name.length - 1});
  struct field *field = harena_new_zeroed(arena, struct field);
  if (field == NULL) {
    return stanza_fail_on_memory(lines, arena);
  }
  field->name = copy_name(arena, name);
  field->value = harena_strndup(arena, value.start, value.length);
  field->length = value.length;
  field->line = lines->number;
  if (field->name == NULL || field->value == NULL) {
    return stanza_fail_on_memory(lines, arena);
  }
  *(stanza->last == NULL ? &stanza->first : &stanza->last->next) = field;
  stanza->last = field;
  return true;
}

/* The value is the youngest block of its arena, so it grows where it is. */
static bool continue_field(struct field *field, struct text line, const struct lines *lines,
                           harena *arena) {
  if (field == NULL) {
    return lines_fail(lines, lines->number,
                      "a stanza starts with a blank: expected 'Field: value'");
  }
  size_t length = field->length + 1 + line.length;
  char *value = harena_realloc(arena, field->value, field->length + 1, length + 1, 1);
  if (value == NULL) {
    return stanza_fail_on_memory(lines, arena);
  }
  value[field->length] = '\n';
  memcpy(value + field->length + 1, line.start, line.length);
  value[length] = '\0';
  field->value = value;
  field->length = length;
  return true;
}

static enum line_result skip_empty_lines(struct lines *lines, struct text *line) {
  enum line_result result;
  do {
    result = lines_next(lines, line);
  } while (result == LINE_READ && trim(*line).length == 0);
  return result;
}

/* Every index that dpkg and apt write ends in an empty line, so its absence shows a file that was
 * cut off. */
enum line_result stanza_read(struct stanza *stanza, struct lines *lines, harena *arena) {
  struct text line;
  enum line_result result = skip_empty_lines(lines, &line);
  *stanza = (struct stanza){.line = lines->number};
  while (result == LINE_READ && trim(line).length > 0) {
    bool added = is_blank(line.start[0]) ? continue_field(stanza->last, line, lines, arena)
                                         : add_field(stanza, line, lines, arena);
    result = added ? lines_next(lines, &line) : LINE_BAD;
  }
  if (result == LINE_END && stanza->first != NULL) {
    lines_fail(lines, lines->number,
               "the index ends within a stanza, without an empty line: it is truncated");
    return LINE_BAD;
  }
  return result;
}

const struct field *stanza_field(const struct stanza *stanza, const char *name) {
  const struct field *field = stanza->first;
  while (field != NULL && strcasecmp(field->name, name) != 0) {
    field = field->next;
  }
  return field;
}

const char *stanza_value(const struct stanza *stanza, const char *name) {
  const struct field *field = stanza_field(stanza, name);
  return field != NULL ? field->value : NULL;
}
