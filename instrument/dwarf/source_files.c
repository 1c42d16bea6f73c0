#include "dwarf/source_files.h"

static const char *text_of(const harena__debug_sections *debug, const harena__value *value) {
  switch (value->form) {
    case HARENA__FORM_STRING:
      return value->text;
    case HARENA__FORM_STRP:
      return harena__string_at(debug->strings, value->number);
    case HARENA__FORM_LINE_STRP:
      return harena__string_at(debug->line_strings, value->number);
    default:
      return "";
  }
}

/* Goes on from a folder. */
static void add_part(harena__line *line, const char *part) {
  if (*part == '/') {
    *line = (harena__line){0};
  } else if (*part != '\0' && line->length > 0) {
    harena__add(line, "/");
  }
  harena__add(line, part);
}

/* ---- Up to version 4: lists of strings, counted from 1; 0 is the unit's own folder ---- */

typedef struct old_file {
  const char *name;
  uint64_t folder;
} old_file;

static bool take_old_file(harena__section *from, old_file *out) {
  out->name = harena__take_string(from);
  out->folder = *out->name ? harena__take_leb(from) : 0;
  if (*out->name) {
    harena__take_leb(from); /* when it was changed */
    harena__take_leb(from); /* its size */
  }
  return *out->name != '\0';
}

static const char *old_folder(harena__section from, uint64_t number) {
  const char *name = "";
  for (uint64_t i = 0; i < number; i++) {
    name = harena__take_string(&from);
    if (*name == '\0') {
      break;
    }
  }
  return name;
}

static bool add_old_file(harena__line *line, harena__section from, uint64_t number) {
  harena__section folders = from;
  old_file file = {0};
  while (*harena__take_string(&from) != '\0') {
  }
  for (uint64_t i = 0; i < number; i++) {
    if (!take_old_file(&from, &file)) {
      return false;
    }
  }
  if (number == 0) {
    return false;
  }
  add_part(line, old_folder(folders, file.folder));
  add_part(line, file.name);
  return true;
}

/* ---- Version 5: tables that say what their columns are, counted from 0 ---- */

enum { PATH = 1, FOLDER = 2 };

typedef struct table {
  harena__section columns; /* of each what it is and its form */
  uint64_t count;
} table;

typedef struct row {
  harena__value path;
  uint64_t folder;
} row;

static table take_table(harena__section *from) {
  uint64_t columns = harena__take_number(from, 1);
  table it = {.columns = *from};
  for (uint64_t i = 0; i < 2 * columns; i++) {
    harena__take_leb(from);
  }
  it.columns.size -= from->size;
  it.count = harena__take_leb(from);
  return it;
}

static row take_row(const table *it, harena__section *from) {
  row out = {0};
  for (harena__section columns = it->columns; columns.size > 0;) {
    uint64_t what = harena__take_leb(&columns);
    harena__value value = harena__take_value(from, harena__take_leb(&columns), 0);
    if (what == PATH) {
      out.path = value;
    } else if (what == FOLDER) {
      out.folder = value.number;
    }
  }
  return out;
}

/* The row of this number; an empty one when there is none. Leaves `from` behind it. No row is
 * shorter than a byte, whatever the count may be. */
static row take_rows(const table *it, harena__section *from, uint64_t number) {
  row out = {0};
  if (number < it->count && number < from->size) {
    for (uint64_t i = 0; i <= number; i++) {
      out = take_row(it, from);
    }
  }
  return out;
}

static bool add_file(harena__line *line, const harena__debug_sections *debug, harena__section from,
                     uint64_t number) {
  table folders = take_table(&from);
  harena__section first_folder = from;
  take_rows(&folders, &from, folders.count - 1);
  table files = take_table(&from);
  row file = take_rows(&files, &from, number);
  from = first_folder;
  row start = take_rows(&folders, &from, 0);
  from = first_folder;
  row folder = take_rows(&folders, &from, file.folder);
  const char *name = text_of(debug, &file.path);
  add_part(line, text_of(debug, &start.path));
  add_part(line, file.folder > 0 ? text_of(debug, &folder.path) : "");
  add_part(line, name);
  return *name != '\0';
}

/* ---- Either ---- */

bool harena__add_source_file(harena__line *line, const harena__debug_sections *debug,
                             const harena__dwarf_entry *unit, uint64_t file) {
  harena__section rest = harena__section_from(debug->lines, unit->lines);
  uint64_t size = harena__take_number(&rest, 4);
  harena__section from = harena__take_bytes(&rest, size);
  uint64_t version = harena__take_number(&from, 2);
  harena__take_bytes(&from, version == 5 ? 2 : 0); /* sizes of addresses and segments */
  harena__take_bytes(&from, version >= 4 ? 9 : 8); /* the head's size; what counts instructions */
  harena__take_bytes(&from,
                     harena__take_number(&from, 1) - 1); /* of each operation, its operands */
  if (version >= 5) {
    return version == 5 && add_file(line, debug, from, file);
  }
  add_part(line, text_of(debug, &unit->folder));
  return add_old_file(line, from, file);
}
