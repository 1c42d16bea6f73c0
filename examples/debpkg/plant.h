/* Bugs that debpkg makes on request, one at a time, to show what becomes of them in each build.
 * They sit in the program's real flow, where planted() is asked: search for it to see them all. */
#ifndef DEBPKG_PLANT_H
#define DEBPKG_PLANT_H

#include <stdbool.h>
#include <stdio.h>

enum plant {
  PLANT_NOTHING,
  PLANT_USE_AFTER_CLEAR,
  PLANT_USE_AFTER_CLOSE,
  PLANT_USE_AFTER_REWIND,
  PLANT_USE_AFTER_FREE,
  PLANT_OVERRUN,
  PLANT_UNDERRUN,
  PLANT_UNINITIALISED,
  PLANT_STALE_REFERENCE,
  PLANT_FOREIGN_REFERENCE,
  PLANT_DEAD_MARK,
  PLANT_DOUBLE_CLOSE,
  PLANT_ESCAPED_REFERENCE,
};

/* Chooses the bug to make. False for a name that plant_list() does not list. */
bool plant_choose(const char *name);

/* Is this the bug that was chosen? */
bool planted(enum plant plant);

/* Writes all names, one a line, each with what the bug stands for after two spaces. */
void plant_list(FILE *stream);

#endif
