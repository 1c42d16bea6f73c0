/* HARENA_OPTIONS: whatever the text, every option ends up in its range, each thing that is wrong is
 * told in one line, and a list of all options can be made. */
#include "report/options.h"

#include <string.h>

#include "engine/demand.h"
#include "engine/target.h"

enum { LONGEST = 4096, LONGEST_LINE = 2048 };

static size_t complaints;

static void check_line(const char *line) {
  demand(strlen(line) > 0 && strlen(line) < LONGEST_LINE);
  demand(!strchr(line, '\n'));
}

static void take_complaint(const char *line) {
  check_line(line);
  complaints++;
}

static size_t choices_in(const char *choices) {
  size_t count = 1;
  for (; *choices; choices++) {
    count += *choices == '|';
  }
  return count;
}

static void check_flag(bool value) { demand(value == false || value == true); }

static void check_number(int64_t value, int64_t lowest, int64_t highest) {
  demand(value >= lowest && value <= highest);
}

static void check_size(size_t value, size_t lowest, size_t highest, size_t multiple) {
  demand(value >= lowest && value <= highest && value % multiple == 0);
}

static void check_choice(unsigned value, const char *choices) {
  demand(value < choices_in(choices));
}

static void check_text(const char *value) {
  demand(memchr(value, '\0', HARENA__OPTION_TEXT_SIZE) != NULL);
}

static void check_values(const harena__options *options) {
#define HARENA__FLAG(name, initial, help) check_flag(options->name);
#define HARENA__NUMBER(name, initial, lowest, highest, help) \
  check_number(options->name, lowest, highest);
#define HARENA__SIZE(name, initial, lowest, highest, multiple, help) \
  check_size(options->name, lowest, highest, multiple);
#define HARENA__CHOICE(name, initial, choices, help) check_choice(options->name, choices);
#define HARENA__TEXT(name, initial, help) check_text(options->name);
#include "report/options.inc"
#undef HARENA__FLAG
#undef HARENA__NUMBER
#undef HARENA__SIZE
#undef HARENA__CHOICE
#undef HARENA__TEXT
}

static void check_parsing(const char *text) {
  harena__options options = harena__default_values();
  check_values(&options);
  complaints = 0;
  size_t counted = harena__parse_options(&options, text, take_complaint);
  demand(counted == complaints);
  check_values(&options);
  harena__list_options(&options, check_line);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  size_t length = size < LONGEST ? size : LONGEST;
  char *text = malloc(length + 1);
  demand(text != NULL);
  memcpy(text, bytes, length);
  text[length] = '\0';
  check_parsing(text);
  free(text);
  return 0;
}
