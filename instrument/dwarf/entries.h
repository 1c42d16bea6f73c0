/* The entries of .debug_info, one after the other; the tree that they make is of no interest here.
 * Versions 4 and 5, the 32-bit format, not split. What else there is gives no entries. */
#ifndef HARENA_INSTRUMENT_ENTRIES_H
#define HARENA_INSTRUMENT_ENTRIES_H

#include "dwarf/values.h"

typedef struct harena__debug_sections {
  harena__section info;
  harena__section abbreviations;
  harena__section addresses;
  harena__section lines;
  harena__section strings;
  harena__section line_strings;
  const unsigned char **shapes; /* of entries, by their code: see harena__use_unit */
  size_t shape_count;
  uint64_t shapes_of; /* place in .debug_abbrev */
} harena__debug_sections;

typedef struct harena__unit {
  uint64_t start; /* in .debug_info */
  unsigned version;
  uint64_t abbreviations;
  harena__section entries;
} harena__unit;

/* What is wanted of an entry; 0 when it does not say. References are places in .debug_info. */
typedef struct harena__dwarf_entry {
  uint64_t tag;
  uint64_t sibling;
  harena__section location;
  uint64_t origin; /* where the rest is said */
  bool has_file;
  uint64_t file;
  uint64_t line;
  /* Of a unit's first: */
  harena__value folder;
  bool has_lines;
  uint64_t lines; /* place in .debug_line */
  uint64_t addresses;
} harena__dwarf_entry;

enum { HARENA__TAG_VARIABLE = 0x34 };

/* False when there is no debug information. No heap. */
bool harena__open_debug_sections(const harena__image *image, harena__debug_sections *out);
void harena__close_debug_sections(harena__debug_sections *debug);

/* The unit that begins at `from`; false behind the last. */
bool harena__take_unit(const harena__debug_sections *debug, harena__section *from,
                       harena__unit *out);

/* The entries that are taken next are of this unit. */
void harena__use_unit(harena__debug_sections *debug, const harena__unit *unit);
void harena__take_entry(const harena__debug_sections *debug, const harena__unit *unit,
                        harena__section *from, harena__dwarf_entry *out);

#endif
