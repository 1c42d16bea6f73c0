/* Names of source files, from the head of a unit's line table. */
#ifndef HARENA_INSTRUMENT_SOURCE_FILES_H
#define HARENA_INSTRUMENT_SOURCE_FILES_H

#include "dwarf/entries.h"
#include "report/line.h"

/* Adds the path of a file as its compiler knew it, from `/` on if it told where it was started.
 * `unit` is the first entry of the unit that counts the file so. False when there is none. */
bool harena__add_source_file(harena__line *line, const harena__debug_sections *debug,
                             const harena__dwarf_entry *unit, uint64_t file);

#endif
