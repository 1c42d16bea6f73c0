/* JSON, written into memory of a fixed size. Whatever the texts hold, the result is JSON in UTF-8.
 * What does not fit is left out, so writers look at the room that is left before they begin
 * something long. No heap, no stdio. */
#ifndef HARENA_INSTRUMENT_JSON_OUTPUT_H
#define HARENA_INSTRUMENT_JSON_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct harena__json {
  char *text; /* ends with a NUL */
  size_t size;
  size_t length;
  bool needs_comma; /* before the next value */
} harena__json;

/* Writes into `size` bytes at `text`. */
harena__json harena__json_into(char *text, size_t size);

size_t harena__json_room(const harena__json *json);

/* To where it was when it was copied. */
void harena__json_go_back(harena__json *json, harena__json copy);

/* `name` is that of a member of the present object, or NULL in an array and at the top. */
void harena__json_open(harena__json *json, const char *name, char bracket);
void harena__json_close(harena__json *json, char bracket);
void harena__json_number(harena__json *json, const char *name, uint64_t number);
void harena__json_signed(harena__json *json, const char *name, int64_t number);
void harena__json_flag(harena__json *json, const char *name, bool flag);

/* As text, "0x7e1f9e370110": numbers of JSON are exact up to 53 bits only. */
void harena__json_address(harena__json *json, const char *name, uintptr_t address);

/* What is no UTF-8 becomes \xNN, as in reports for people. */
void harena__json_text(harena__json *json, const char *name, const char *text);

/* As it is: JSON that is written already, or ends of lines. */
void harena__json_verbatim(harena__json *json, const char *text);

#endif
