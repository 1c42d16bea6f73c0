/* The kinds of arenas that slices and buffers are tried in. */
#ifndef BYTES_HOMES_H
#define BYTES_HOMES_H

#include <harena.h>

/* Opens one of each kind, calls `use` with it, and closes it. */
void in_each_home(void (*use)(harena *arena));

#endif
