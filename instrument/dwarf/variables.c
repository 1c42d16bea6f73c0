#include "dwarf/variables.h"

#include <string.h>

#include "dwarf/source_files.h"

/* The operations of location expressions that are a variable's, by the standard's section 7.7.1. */
enum {
  ADDRESS = 0x03,
  CONSTANT = sizeof(void *) == 8 ? 0x0e : 0x0c, /* unsigned, as wide as an address */
  PIECE = 0x93,
  THREAD_ADDRESS = 0x9b,
  INDEXED_ADDRESS = 0xa1,
  GNU_THREAD_ADDRESS = 0xe0
};

/* The expression that the location of the variable begins with. Only what holds it somewhere is
 * read: a program may have much debug information. */
typedef struct expression {
  unsigned char bytes[1 + 10];
  size_t size;
} expression;

typedef struct search {
  harena__debug_sections debug;
  harena__storage storage;
  uintptr_t start;
} search;

static expression literal(const search *it) {
  expression out = {.size = 1 + sizeof it->start};
  out.bytes[0] = it->storage == HARENA__THREAD_STORAGE ? CONSTANT : ADDRESS;
  memcpy(out.bytes + 1, &it->start, sizeof it->start);
  return out;
}

static expression indexed(uint64_t index) {
  expression out = {.bytes = {INDEXED_ADDRESS}, .size = 1};
  do {
    out.bytes[out.size++] = (unsigned char)((index & 0x7f) | (index >= 0x80 ? 0x80 : 0));
    index >>= 7;
  } while (index > 0);
  return out;
}

static bool begins_with(harena__section location, const expression *wanted) {
  return location.size >= wanted->size && memcmp(location.start, wanted->bytes, wanted->size) == 0;
}

/* Other operations behind the address make it another variable's: one that points there. */
static bool is_variable(const harena__dwarf_entry *entry, const expression *wanted) {
  if (entry->tag != HARENA__TAG_VARIABLE || !begins_with(entry->location, wanted)) {
    return false;
  }
  unsigned next = entry->location.size > wanted->size ? entry->location.start[wanted->size] : PIECE;
  return next == PIECE || next == THREAD_ADDRESS || next == GNU_THREAD_ADDRESS;
}

static harena__section skip_to_sibling(const harena__debug_sections *debug,
                                       const harena__dwarf_entry *entry, harena__section from,
                                       const unsigned char *most) {
  const unsigned char *sibling = harena__section_from(debug->info, entry->sibling).start;
  bool is_ahead = sibling > from.start && sibling <= most;
  return is_ahead ? harena__section_from(from, (uint64_t)(sibling - from.start)) : from;
}

static bool find_entry(harena__debug_sections *debug, const harena__unit *unit,
                       const expression *wanted, harena__dwarf_entry *out) {
  harena__section from = unit->entries;
  const unsigned char *hit;
  while ((hit = memmem(from.start, from.size, wanted->bytes, wanted->size))) {
    harena__use_unit(debug, unit);
    while (from.start <= hit) {
      harena__take_entry(debug, unit, &from, out);
      if (is_variable(out, wanted)) {
        return true;
      }
      from = skip_to_sibling(debug, out, from, hit);
    }
  }
  return false;
}

static void take_first_entry(harena__debug_sections *debug, const harena__unit *unit,
                             harena__dwarf_entry *out) {
  harena__section from = unit->entries;
  harena__use_unit(debug, unit);
  harena__take_entry(debug, unit, &from, out);
}

/* ---- Addresses in a table: version 5 of clang ---- */

/* Of a unit's table, which has a head of 8 bytes: its length behind that, and 4 more. */
static bool find_index(const search *it, uint64_t table, uint64_t *index) {
  harena__section from = harena__section_from(it->debug.addresses, table - 8);
  uint64_t size = harena__take_number(&from, 4);
  from = harena__take_bytes(&from, size);
  harena__take_bytes(&from, 4);
  for (*index = 0; from.size > 0; ++*index) {
    if (harena__take_number(&from, sizeof it->start) == it->start) {
      return true;
    }
  }
  return false;
}

static bool find_indexed_entry(search *it, const harena__unit *unit, harena__dwarf_entry *out) {
  uint64_t index;
  if (unit->version < 5 || it->debug.addresses.size == 0 || it->storage == HARENA__THREAD_STORAGE) {
    return false;
  }
  take_first_entry(&it->debug, unit, out);
  if (!find_index(it, out->addresses, &index)) {
    return false;
  }
  expression wanted = indexed(index);
  return find_entry(&it->debug, unit, &wanted, out);
}

/* ---- From an entry to its line ---- */

static bool add_file(harena__debug_sections *debug, const harena__unit *unit, uint64_t file,
                     harena__line *path) {
  harena__dwarf_entry first;
  take_first_entry(debug, unit, &first);
  return first.has_lines && harena__add_source_file(path, debug, &first, file);
}

/* To what another entry refers to, which link-time optimization may have put into another unit. */
static void follow(harena__debug_sections *debug, harena__unit *unit, harena__dwarf_entry *entry) {
  harena__section from = harena__section_from(debug->info, entry->origin);
  harena__section units = debug->info;
  while (harena__take_unit(debug, &units, unit) && units.start <= from.start) {
  }
  from.size -= units.size < from.size ? units.size : from.size;
  harena__use_unit(debug, unit);
  harena__take_entry(debug, unit, &from, entry);
}

/* An entry with a location may leave the rest to that of a declaration before, or of the function
 * that was inlined. */
enum { MOST_ORIGINS = 4 };

static uint64_t declaration(harena__debug_sections *debug, harena__unit unit,
                            harena__dwarf_entry entry, harena__line *path) {
  uint64_t line = 0;
  bool has_file = false;
  for (int i = 0; i < MOST_ORIGINS; i++) {
    line = line > 0 ? line : entry.line;
    has_file = has_file || (entry.has_file && add_file(debug, &unit, entry.file, path));
    if ((line > 0 && has_file) || entry.origin == 0) {
      break;
    }
    follow(debug, &unit, &entry);
  }
  return has_file ? line : 0;
}

static uint64_t search_unit(search *it, const harena__unit *unit, harena__line *path) {
  expression wanted = literal(it);
  harena__dwarf_entry entry;
  bool found =
      find_entry(&it->debug, unit, &wanted, &entry) || find_indexed_entry(it, unit, &entry);
  return found ? declaration(&it->debug, *unit, entry, path) : 0;
}

uint64_t harena__find_declaration(const harena__image *image, harena__storage storage,
                                  uintptr_t start, harena__line *path) {
  search it = {.storage = storage, .start = start};
  harena__unit unit;
  uint64_t line = 0;
  if (!harena__open_debug_sections(image, &it.debug)) {
    return 0;
  }
  for (harena__section units = it.debug.info;
       line == 0 && harena__take_unit(&it.debug, &units, &unit);) {
    line = search_unit(&it, &unit, path);
  }
  harena__close_debug_sections(&it.debug);
  return line;
}
