/* A string builder that grows by realloc: alone, where it grows in place, and two at once, which
 * get in each other's way and move. */
#include <stdio.h>
#include <string.h>

#include "correct.h"

typedef struct builder {
  harena *arena;
  char *text;
  size_t length;
  size_t capacity;
} builder;

static void reserve(builder *it, size_t length) {
  if (it->length + length + 1 <= it->capacity) {
    return;
  }
  size_t capacity = (it->length + length + 1) * 2;
  it->text = harena_realloc(it->arena, it->text, it->capacity, capacity, 1);
  REQUIRE(it->text);
  it->capacity = capacity;
}

static void append(builder *it, const char *text) {
  size_t length = strlen(text);
  reserve(it, length);
  memcpy(it->text + it->length, text, length + 1);
  it->length += length;
}

/* Gives the tail back, so that the last byte of the block is the NUL. */
static char *finish(builder *it) {
  it->text = harena_realloc(it->arena, it->text, it->capacity, it->length + 1, 1);
  it->capacity = it->length + 1;
  return it->text;
}

static void append_number(builder *it, int number) {
  char digits[16];
  snprintf(digits, sizeof digits, "%d,", number);
  append(it, digits);
}

static void build_one(harena *arena) {
  builder it = {.arena = arena};
  for (int i = 0; i < 500; i++) {
    append_number(&it, i);
  }
  const char *text = finish(&it);
  REQUIRE(strlen(text) == 10 * 2 + 90 * 3 + 400 * 4);
  REQUIRE(strncmp(text, "0,1,2,", 6) == 0);
}

static void build_two(harena *arena) {
  builder even = {.arena = arena};
  builder odd = {.arena = arena};
  for (int i = 0; i < 500; i++) {
    append_number(i % 2 ? &odd : &even, i);
  }
  size_t total = strlen(finish(&even)) + strlen(finish(&odd));
  REQUIRE(total == 10 * 2 + 90 * 3 + 400 * 4);
}

void correct_strings(void) {
  static const unsigned flags[] = {0, HARENA_RECYCLE, HARENA_COUNT, HARENA_ZERO_ON_CLEAR};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    harena *arena = harena_open(&(harena_options){.name = "strings", .flags = flags[i]});
    for (int round = 0; round < 5; round++) {
      build_one(arena);
      build_two(arena);
      harena_clear(arena);
    }
    harena_close(arena);
  }
}
