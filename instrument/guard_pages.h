/* Pages that fault: behind blocks with layout=separate, and what has ended with guard=exact. */
#ifndef HARENA_INSTRUMENT_GUARD_PAGES_H
#define HARENA_INSTRUMENT_GUARD_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Makes one page inaccessible. False when the system refuses, or when there are enough already:
 * each costs two mappings, of which a process may have 65,530 by default. */
bool harena__guard_page(char *page);

/* The range with one such page in it will be taken or opened. */
void harena__forget_guard(void);

/* Makes all pages accessible again that [from, to) lies in, guards and what was taken alike. */
void harena__open_pages(char *from, char *to);

/* Takes the memory of the whole pages inside [from, to), so that they fault. When the system
 * refuses, they stay. */
void harena__take_pages(char *from, char *to);

typedef struct harena__guard_statistics {
  size_t guards;  /* now */
  size_t refused; /* by the system, guards and pages to be taken */
  size_t left_out;
} harena__guard_statistics;
harena__guard_statistics harena__guards_measure(void);

#endif
