/* Reports for people. */
#ifndef HARENA_INSTRUMENT_TEXT_H
#define HARENA_INSTRUMENT_TEXT_H

#include "report.h"

/* Renders line by line, without ends of lines, and without the banner when `appended` to another
 * tool's report.
 *
 *     =================================================================
 *     ==4242==ERROR: harena: use-after-clear: a block of a cleared arena was read
 *     0x7e1f9e370110 is 16 bytes inside a 48-byte block of arena "request" (generation 7)
 *       found here:
 *         #0 handle server.c:140
 *       block allocated here:
 *         #0 parse_user users.c:42
 *         #1 handle server.c:120
 *       arena "request" (opened server.c:88) was cleared here:
 *         #0 handle server.c:131
 *     SUMMARY: harena: use-after-clear users.c:42 in parse_user
 *     HARENA-SIGNATURE<TAB>use-after-clear<TAB>parse_user<TAB>handle<TAB>request
 *
 * With a holder, its line takes the place of the address's:
 *
 *     global last_user+0 (users.c:14, in ./server) holds 0x7e1f9e370110, 16 bytes inside a ...
 *       block of arena "request" generation 7, allocated here:
 *
 * What is not known has no line. */
void harena__write_text(const harena__report *report, bool appended,
                        void (*emit)(const char *line));

#endif
