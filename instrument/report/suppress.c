#include "suppress.h"

#include <string.h>

#include "lines.h"
#include "options.h"
#include "pattern.h"

struct suppression {
  const char *type;
  const char *pattern;
  size_t line;
  size_t used;
};

enum { MOST_SUPPRESSIONS = 1024 };
static struct suppression suppressions[MOST_SUPPRESSIONS];
static size_t suppression_count;

/* ---- Reading -------------------------------------------------------------------------------- */

static bool is_type(const char *name) {
  for (int i = 0; i < HARENA__CLASSES; i++) {
    const harena__class_description *class = harena__describe_class((harena__class)i);
    if (strcmp(name, class->name) == 0 || strcmp(name, class->family) == 0) {
      return true;
    }
  }
  return false;
}

static void refuse(size_t number, const char *what, const char *quoted) {
  harena__refuse_line("suppressions", harena__option()->suppressions, number, what, quoted);
}

static void cut_trailing_blanks(char *line) {
  size_t length = strlen(line);
  while (length > 0 && strchr(" \t", line[length - 1])) {
    line[--length] = '\0';
  }
}

/* Cuts off a comment, which is a '#' behind a blank. Returns whether there was one that says
 * something. */
static bool cut_comment(char *line) {
  char *comment = strchr(line, '#');
  while (comment && (comment == line || !strchr(" \t", comment[-1]))) {
    comment = strchr(comment + 1, '#');
  }
  bool says_something = comment && comment[strspn(comment, "# \t")] != '\0';
  if (comment) {
    *comment = '\0';
  }
  cut_trailing_blanks(line);
  return says_something;
}

static void keep(struct suppression suppression) {
  if (!is_type(suppression.type)) {
    refuse(suppression.line, "no class or family of findings is called", suppression.type);
  } else if (suppression_count == MOST_SUPPRESSIONS) {
    refuse(suppression.line, "there are 1024 suppressions already; no room for",
           suppression.pattern);
  } else {
    suppressions[suppression_count++] = suppression;
  }
}

static void add(char *line, size_t number, bool has_reason) {
  has_reason |= cut_comment(line);
  char *colon = strchr(line, ':');
  if (!colon || colon[1] == '\0') {
    refuse(number, "expected type:pattern, not", line);
  } else if (!has_reason) {
    refuse(number, "no comment above or behind it says why to suppress", line);
  } else {
    *colon = '\0';
    keep((struct suppression){.type = line, .pattern = colon + 1, .line = number});
  }
}

/* A comment is the reason for all lines below it, up to an empty one. */
static void take_line(char *line, size_t number, void *context) {
  bool *has_reason = context;
  if (*line == '#') {
    *has_reason |= line[strspn(line, "# \t")] != '\0';
  } else if (*line == '\0') {
    *has_reason = false;
  } else {
    add(line, number, *has_reason);
  }
}

void harena__take_suppressions(char *text) {
  bool has_reason = false;
  suppression_count = 0;
  harena__each_line(text, take_line, &has_reason);
}

void harena__read_suppressions(void) {
  harena__take_suppressions(harena__read_file("suppressions", harena__option()->suppressions));
}

/* ---- Matching ------------------------------------------------------------------------------- */

struct search {
  const harena__class_description *class;
  struct suppression *found;
};

static bool applies(const struct suppression *suppression, const harena__class_description *class) {
  return strcmp(suppression->type, class->name) == 0 ||
         strcmp(suppression->type, class->family) == 0;
}

static void look_at(struct search *search, const char *name) {
  for (size_t i = 0; i < suppression_count && name && !search->found; i++) {
    struct suppression *suppression = &suppressions[i];
    if (applies(suppression, search->class) && harena__matches(suppression->pattern, name)) {
      search->found = suppression;
    }
  }
}

static void look_at_frame(const harena__symbol *symbol, size_t number, void *context) {
  (void)number;
  struct search *search = context;
  look_at(search, symbol->function);
  look_at(search, symbol->file);
  look_at(search, symbol->module);
}

static void look_at_names(struct search *search, const harena__report *report) {
  const harena__holder_record *holder = report->finding->holder;
  look_at(search, report->arena_name);
  look_at(search, report->arena ? report->arena->name : NULL);
  look_at(search, holder ? holder->symbol : NULL);
  look_at(search, holder ? holder->name : NULL);
}

bool harena__is_suppressed(const harena__report *report) {
  struct search search = {.class = harena__describe_class(report->finding->class)};
  look_at_names(&search, report);
  for (size_t i = 0; i < report->site_count && !search.found; i++) {
    harena__each_frame(report->sites[i].trace, report->finding->in_signal_handler, look_at_frame,
                       &search);
  }
  if (search.found) {
    search.found->used++;
  }
  return search.found != NULL;
}

/* ---- Listing -------------------------------------------------------------------------------- */

void harena__list_suppressions(void (*emit)(const char *line)) {
  for (size_t i = 0; i < suppression_count; i++) {
    const struct suppression *suppression = &suppressions[i];
    harena__line line = {0};
    harena__add(&line, "harena: suppressions: ");
    harena__add_name(&line, harena__option()->suppressions);
    harena__add(&line, ":");
    harena__add_number(&line, suppression->line);
    harena__add(&line, ": ");
    harena__add_name(&line, suppression->type);
    harena__add(&line, ":");
    harena__add_name(&line, suppression->pattern);
    harena__add(&line, suppression->used > 0 ? " used " : " never used");
    if (suppression->used > 0) {
      harena__add_number(&line, suppression->used);
      harena__add(&line, suppression->used == 1 ? " time" : " times");
    }
    emit(line.text);
  }
}
