#include "package.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "plant.h"

/* Planted: not zeroed, because every member was set here, until `essential` was added. */
static struct package *new_package(harena *arena) {
  if (!planted(PLANT_UNINITIALISED)) {
    return harena_new_zeroed(arena, struct package);
  }
  struct package *package = harena_new(arena, struct package);
  if (package != NULL) {
    package->name = NULL;
    package->section = NULL;
    package->kib = 0;
  }
  return package;
}

bool parse_number(const char *string, uint64_t maximum, uint64_t *number) {
  char *end;
  errno = 0;
  uintmax_t value = strtoumax(string, &end, 10);
  bool digits = *string >= '0' && *string <= '9' && *end == '\0'; /* no sign, no blank */
  if (!digits || errno != 0 || value > maximum) {
    return false;
  }
  *number = value;
  return true;
}

static bool parse_size(const struct field *field, const struct lines *lines, uint64_t *kib) {
  const uint64_t pebibyte = UINT64_C(1) << 40; /* in KiB: over it is a mistake, and sums are safe */
  return parse_number(field->value, pebibyte, kib) ||
         lines_fail(lines, field->line, "%s: '%.40s' is not a number of KiB from 0 to %" PRIu64,
                    field->name, field->value, pebibyte);
}

struct package *package_parse(const struct stanza *stanza, const struct lines *lines,
                              harena *arena) {
  struct package *package = new_package(arena);
  if (package == NULL) {
    stanza_fail_on_memory(lines, arena);
    return NULL;
  }
  package->name = stanza_value(stanza, "Package");
  if (package->name == NULL || *package->name == '\0') {
    lines_fail(lines, stanza->line, "a stanza without a Package field");
    return NULL;
  }
  package->section = stanza_value(stanza, "Section");
  const char *essential = stanza_value(stanza, "Essential");
  if (essential != NULL && strcmp(essential, "yes") == 0) {
    package->essential = true;
  }
  const struct field *size = stanza_field(stanza, "Installed-Size");
  return size == NULL || parse_size(size, lines, &package->kib) ? package : NULL;
}

bool package_is_removed(const struct stanza *stanza) {
  const char *status = stanza_value(stanza, "Status");
  return status != NULL && (strstr(status, " config-files") || strstr(status, " not-installed"));
}

/* Planted: `i >= 0` became `i >= -1` when the loop was turned round. */
static bool has_name(const struct names *names, struct text name) {
  ptrdiff_t first = planted(PLANT_UNDERRUN) ? -1 : 0;
  for (ptrdiff_t i = (ptrdiff_t)names->count - 1; i >= first; i--) {
    if (text_equal(&names->items[i], &name)) {
      return true;
    }
  }
  return false;
}

static bool add_names(const struct field *field, const struct lines *lines, struct names *names) {
  static const char name_characters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const char *next = field->value;
  while (next += strspn(next, " \t\r\n,|"), *next != '\0') {
    struct text name = {next, strspn(next, name_characters)};
    if (name.length == 0) {
      return lines_fail(lines, field->line, "%s: expected a package name at '%.40s'", field->name,
                        next);
    }
    if (!has_name(names, name)) {
      names->items[names->count++] = name;
    }
    next += strcspn(next, ",|"); /* past the architecture and the version */
  }
  return true;
}

/* How many names there are at most: one more than there are separators. */
static size_t count_names(const struct field *field) {
  size_t count = 1;
  for (const char *next = field->value; *next != '\0'; next++) {
    count += *next == ',' || *next == '|';
  }
  return count;
}

bool package_list_dependencies(const struct stanza *stanza, const struct lines *lines,
                               harena *arena, struct names *names) {
  const struct field *depends = stanza_field(stanza, "Depends");
  const struct field *pre_depends = stanza_field(stanza, "Pre-Depends");
  size_t most = (depends != NULL ? count_names(depends) : 0) +
                (pre_depends != NULL ? count_names(pre_depends) : 0);
  *names = (struct names){harena_new_array(arena, struct text, most), 0};
  if (names->items == NULL) {
    return stanza_fail_on_memory(lines, arena);
  }
  return (depends == NULL || add_names(depends, lines, names)) &&
         (pre_depends == NULL || add_names(pre_depends, lines, names));
}
