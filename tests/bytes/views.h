/* Views as a public header would declare them; views_apart.c defines them. */
#ifndef BYTES_VIEWS_H
#define BYTES_VIEWS_H

#include <harena.h>

struct point {
  int x;
  int y;
};
HARENA_VIEW_DECLARE(point, struct point)

HARENA_VIEW_DECLARE(number, double)

/* As many views of a type as wanted, each a type of its own. */
HARENA_VIEW_DECLARE(meter, double)

#endif
