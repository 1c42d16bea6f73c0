#include "json_output.h"

#include <string.h>

#include "line.h"
#include "printable.h"

harena__json harena__json_into(char *text, size_t size) {
  text[0] = '\0';
  return (harena__json){.text = text, .size = size};
}

size_t harena__json_room(const harena__json *json) { return json->size - 1 - json->length; }

void harena__json_go_back(harena__json *json, harena__json copy) {
  *json = copy;
  json->text[json->length] = '\0';
}

static void add_bytes(harena__json *json, const char *bytes, size_t length) {
  if (length <= harena__json_room(json)) {
    memcpy(json->text + json->length, bytes, length);
    json->length += length;
    json->text[json->length] = '\0';
  }
}

void harena__json_verbatim(harena__json *json, const char *text) {
  add_bytes(json, text, strlen(text));
}

/* JSON has a form for control characters, and none for what is no UTF-8. */
static void add_escaped(harena__json *json, char byte) {
  bool is_ascii = (unsigned char)byte < 0x80;
  harena__line escaped = {0};
  harena__add(&escaped, is_ascii ? "\\u00" : "\\\\x");
  harena__add_byte(&escaped, (unsigned char)byte);
  harena__json_verbatim(json, escaped.text);
}

static void add_string(harena__json *json, const char *text) {
  add_bytes(json, "\"", 1);
  while (*text) {
    size_t length = harena__printable_length(text);
    if (length == 0) {
      add_escaped(json, *text);
    } else {
      if (*text == '"' || *text == '\\') {
        add_bytes(json, "\\", 1);
      }
      add_bytes(json, text, length);
    }
    text += length > 0 ? length : 1;
  }
  add_bytes(json, "\"", 1);
}

/* What comes before a value. */
static void begin_value(harena__json *json, const char *name) {
  if (json->needs_comma) {
    add_bytes(json, ",", 1);
  }
  if (name) {
    add_string(json, name);
    add_bytes(json, ":", 1);
  }
  json->needs_comma = true;
}

void harena__json_open(harena__json *json, const char *name, char bracket) {
  begin_value(json, name);
  add_bytes(json, &bracket, 1);
  json->needs_comma = false;
}

void harena__json_close(harena__json *json, char bracket) {
  add_bytes(json, &bracket, 1);
  json->needs_comma = true;
}

void harena__json_number(harena__json *json, const char *name, uint64_t number) {
  harena__line digits = {0};
  harena__add_number(&digits, number);
  begin_value(json, name);
  harena__json_verbatim(json, digits.text);
}

void harena__json_signed(harena__json *json, const char *name, int64_t number) {
  harena__line digits = {0};
  harena__add_signed(&digits, number);
  begin_value(json, name);
  harena__json_verbatim(json, digits.text);
}

void harena__json_flag(harena__json *json, const char *name, bool flag) {
  begin_value(json, name);
  harena__json_verbatim(json, flag ? "true" : "false");
}

void harena__json_address(harena__json *json, const char *name, uintptr_t address) {
  harena__line digits = {0};
  harena__add_hex(&digits, address);
  harena__json_text(json, name, digits.text);
}

void harena__json_text(harena__json *json, const char *name, const char *text) {
  begin_value(json, name);
  add_string(json, text);
}
