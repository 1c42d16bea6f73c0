/* Where the address of a finding lies, in words and as a picture. */
#ifndef HARENA_INSTRUMENT_PLACE_H
#define HARENA_INSTRUMENT_PLACE_H

#include "report.h"

/* `arena "request"` */
void harena__add_arena(harena__line *line, const char *name);

/* "16 bytes inside a 48-byte block" */
void harena__add_position(harena__line *line, const harena__report *report);

/* The position, and ` of arena "request" (generation 7)`; or `the handle of arena "request"`, and
 * so on. Nothing when the finding is about no arena. */
void harena__add_location(harena__line *line, const harena__report *report);

/* Overwritten bytes: at most a line of them around the first bad one. */
typedef struct harena__picture {
  const char *start;
  size_t count; /* 0: there is nothing to show */
  size_t bad;   /* index of the first bad one */
} harena__picture;

harena__picture harena__take_picture(const harena__finding *finding);

#endif
