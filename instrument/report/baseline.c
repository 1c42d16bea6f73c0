#include "baseline.h"

#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "options.h"

typedef struct known_finding {
  const char *signature;
  size_t expected;
  size_t found;
} known_finding;

enum { MOST_KNOWN = 4096 };
static known_finding known[MOST_KNOWN];
static size_t known_count;

/* ---- Reading -------------------------------------------------------------------------------- */

static void refuse(size_t number, const char *what, const char *quoted) {
  harena__refuse_line("baseline", harena__option()->baseline, number, what, quoted);
}

/* Steps over a number and the blanks behind it; 1 when there is none. */
static size_t take_count(char **line) {
  char *end;
  unsigned long long count = strtoull(*line, &end, 10);
  size_t blanks = strspn(end, " \t");
  if (end == *line || blanks == 0) {
    return 1;
  }
  *line = end + blanks;
  return (size_t)count;
}

static bool is_signature(const char *text) {
  size_t tabs = 0;
  for (const char *tab = strchr(text, '\t'); tab; tab = strchr(tab + 1, '\t')) {
    tabs++;
  }
  return tabs == 3;
}

static void take_line(char *line, size_t number, void *context) {
  (void)context;
  if (*line == '\0' || *line == '#') {
    return;
  }
  char *signature = line;
  size_t count = take_count(&signature);
  size_t mark = strlen(HARENA__SIGNATURE_MARK);
  if (strncmp(signature, HARENA__SIGNATURE_MARK, mark) == 0) {
    signature += mark;
  }
  if (!is_signature(signature)) {
    refuse(number, "expected a count and a signature, not", line);
  } else if (known_count == MOST_KNOWN) {
    refuse(number, "there are 4096 signatures already; no room for", line);
  } else {
    known[known_count++] = (known_finding){.signature = signature, .expected = count};
  }
}

void harena__read_baseline(void) {
  harena__each_line(harena__read_file("baseline", harena__option()->baseline), take_line, NULL);
}

/* ---- Asking --------------------------------------------------------------------------------- */

bool harena__is_in_baseline(const harena__report *report) {
  harena__line signature = {0};
  harena__add_signature(&signature, report);
  for (size_t i = 0; i < known_count; i++) {
    bool is_expected = known[i].found < known[i].expected;
    if (is_expected && strcmp(known[i].signature, signature.text) == 0) {
      known[i].found++;
      return true;
    }
  }
  return false;
}

void harena__list_baseline(void (*emit)(const char *line)) {
  for (size_t i = 0; i < known_count; i++) {
    harena__line line = {0};
    harena__add(&line, "harena: baseline: found ");
    harena__add_number(&line, known[i].found);
    harena__add(&line, " of ");
    harena__add_number(&line, known[i].expected);
    harena__add(&line, " known: ");
    harena__add(&line, known[i].signature);
    emit(line.text);
  }
}
