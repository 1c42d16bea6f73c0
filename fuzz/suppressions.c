/* Files of suppressions: which lines are kept, what they apply to, and what is said of the others,
 * as the simplest reader has it. The input is a class of findings, the file, a NUL, and the name of
 * an arena. */
#include "report/suppress.h"

#include <string.h>

#include "engine/demand.h"
#include "engine/target.h"
#include "report/pattern.h"

enum { LONGEST = 256, LONGEST_FILE = 4096 };

/* ---- Patterns, simply ---- */

/* Whether all of the pattern stands for all of the text. */
static bool covers(const char *pattern, const char *text) {
  for (; *pattern && *pattern != '*'; pattern++, text++) {
    if (*pattern != *text) {
      return false;
    }
  }
  if (*pattern == '\0') {
    return *text == '\0';
  }
  for (;; text++) {
    if (covers(pattern + 1, text)) {
      return true;
    }
    if (*text == '\0') {
      return false;
    }
  }
}

/* With its marks for start and end made stars or left out. */
static bool matches_simply(const char *pattern, const char *text) {
  char whole[LONGEST + 4];
  bool from_start = pattern[0] == '^';
  size_t length = strlen(pattern + from_start);
  bool to_end = length > 0 && pattern[from_start + length - 1] == '$';
  snprintf(whole, sizeof whole, "%s%.*s%s", from_start ? "" : "*", (int)(length - to_end),
           pattern + from_start, to_end ? "" : "*");
  return *text && covers(whole, text);
}

/* Many stars take the simple way too long. */
static bool has_few_stars(const char *pattern) {
  size_t stars = 0;
  for (; *pattern; pattern++) {
    stars += *pattern == '*';
  }
  return stars <= 4;
}

/* With many stars the simple way is not gone, and the answer taken as it is. */
static bool matches(const char *pattern, const char *name) {
  bool answer = harena__matches(pattern, name);
  demand(!has_few_stars(pattern) || answer == matches_simply(pattern, name));
  return answer;
}

/* ---- Lines, simply ---- */

typedef struct expectation {
  harena__class class;
  const char *name;
  size_t refused;
  bool has_reason; /* for the lines that follow */
  bool suppressed;
} expectation;

static bool is_blank(char character) { return character == ' ' || character == '\t'; }

static bool says_something(const char *comment) { return comment[strspn(comment, "# \t")] != '\0'; }

/* Where the comment begins; the line's end when there is none. */
static char *comment_of(char *line) {
  char *place = line;
  while (*place && !(*place == '#' && place > line && is_blank(place[-1]))) {
    place++;
  }
  return place;
}

static bool is_known(const char *type) {
  for (int i = 0; i < HARENA__CLASSES; i++) {
    const harena__class_description *it = harena__describe_class((harena__class)i);
    if (strcmp(it->name, type) == 0 || strcmp(it->family, type) == 0) {
      return true;
    }
  }
  return false;
}

static bool applies(const char *type, harena__class class) {
  const harena__class_description *it = harena__describe_class(class);
  return strcmp(it->name, type) == 0 || strcmp(it->family, type) == 0;
}

static void expect_entry(expectation *it, char *line) {
  char *comment = comment_of(line);
  bool has_reason = it->has_reason || says_something(comment);
  for (*comment = '\0'; comment > line && is_blank(comment[-1]);) {
    *--comment = '\0';
  }
  char *colon = strchr(line, ':');
  if (!colon || colon[1] == '\0' || !has_reason) {
    it->refused++;
    return;
  }
  *colon = '\0';
  if (!is_known(line)) {
    it->refused++;
  } else if (matches(colon + 1, it->name) && applies(line, it->class)) {
    it->suppressed = true;
  }
}

static void expect_line(expectation *it, char *line) {
  size_t length = strlen(line);
  if (length > 0 && line[length - 1] == '\r') {
    line[length - 1] = '\0';
  }
  while (is_blank(*line)) {
    line++;
  }
  if (*line == '\0') {
    it->has_reason = false;
  } else if (*line == '#') {
    it->has_reason = it->has_reason || says_something(line);
  } else {
    expect_entry(it, line);
  }
}

static void expect_file(expectation *it, char *text) {
  for (char *line = text; *line;) {
    char *end = line + strcspn(line, "\n");
    char *next = end + (*end == '\n');
    *end = '\0';
    expect_line(it, line);
    line = next;
  }
}

/* ---- What the library makes of it ---- */

static size_t complaints;

/* Complaints come here instead of to stderr, by the linker's --wrap. */
void __wrap_harena__write_line_to_stderr(const char *line);
void __wrap_harena__write_line_to_stderr(const char *line) {
  demand(!strchr(line, '\n'));
  complaints++;
}

static void check_listed(const char *line) {
  demand(strncmp(line, "harena: suppressions: ", 22) == 0 && !strchr(line, '\n'));
}

static void check(const expectation *it, char *text) {
  static harena__report report;
  harena__finding finding = {.class = it->class, .arena_name = it->name};
  complaints = 0;
  harena__take_suppressions(text);
  demand(complaints == it->refused);
  harena__make_report(&report, &finding);
  demand(harena__is_suppressed(&report) == it->suppressed);
  harena__list_suppressions(check_listed);
}

/* In memory of its own, so that a sanitizer sees a step over the end. */
static char *copy_string(const uint8_t *bytes, size_t size, size_t longest) {
  size_t length = strnlen((const char *)bytes, size < longest ? size : longest);
  char *copy = malloc(length + 1);
  demand(copy != NULL);
  memcpy(copy, bytes, length);
  copy[length] = '\0';
  return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0) {
    return 0;
  }
  char *file = copy_string(bytes + 1, size - 1, LONGEST_FILE);
  size_t used = 1 + strlen(file) + 1;
  char *name =
      copy_string(bytes + (used < size ? used : size), used < size ? size - used : 0, LONGEST);
  char *simple = strdup(file);
  demand(simple != NULL);
  expectation it = {.class = (harena__class)(bytes[0] % HARENA__CLASSES), .name = name};
  expect_file(&it, simple);
  check(&it, file);
  free(simple);
  free(name);
  free(file);
  return 0;
}
