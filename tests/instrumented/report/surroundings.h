/* A ledger and stacks made up for a test, with names for their addresses. */
#ifndef HARENA_TESTS_SURROUNDINGS_H
#define HARENA_TESTS_SURROUNDINGS_H

#include "report/finding.h"

/* Stacks, by what they show. The first two frames of `through_library` are the library's own. */
enum {
  in_parse_user = 1, /* parse_user users.c:42, handle server.c:120 */
  in_handle,         /* handle server.c:131 */
  in_main,           /* main server.c:88 */
  bad_call,          /* handle server.c:140 */
  through_library,   /* harena_new ..., harena_alloc ..., read_line inlined in fill lines.c:7 */
  only_library,      /* harena_alloc arena.h:400 */
  without_names,     /* two addresses of a module without debug information */
  nowhere,           /* an address in no module */
  endless,           /* parse_user, too often for a report */
  of_strange_name    /* a function whose name has a tab, a line end and an escape */
};

extern harena__watch request; /* id 1, open */
extern harena__watch other;   /* id 2, open */

/* A live block of 48 bytes of `request`, allocated in parse_user, at BLOCK_ADDRESS. */
harena__entry live_block(void);
#define BLOCK_ADDRESS 0x6e370100u
#define RECORD_ADDRESS 0x6e360000u

#endif
