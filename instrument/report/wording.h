/* What all formats say in the same words. */
#ifndef HARENA_INSTRUMENT_WORDING_H
#define HARENA_INSTRUMENT_WORDING_H

#include "report.h"

/* `16 bytes inside a 48-byte block of arena "request" (generation 7)`; or `the handle of arena
 * "request"`, and so on. Nothing when the finding is about no arena. */
void harena__add_location(harena__line *line, const harena__report *report);

/* `global last_user+0 (users.c:14, in ./server) holds 0x7e1f9e370110, `, and the position. */
void harena__add_holder(harena__line *line, const harena__report *report);

/* `block allocated here`, `arena "request" (opened server.c:88) was cleared here`, and so on. */
void harena__add_title(harena__line *line, const harena__report *report, const harena__site *site);

/* Overwritten bytes: at most a line of them around the first bad one. */
typedef struct harena__picture {
  const char *start;
  size_t count; /* 0: there is nothing to show */
  size_t bad;   /* index of the first bad one */
} harena__picture;

harena__picture harena__take_picture(const harena__finding *finding);

#endif
