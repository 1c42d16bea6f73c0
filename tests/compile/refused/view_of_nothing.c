/* a view needs a type of at least one byte */
#include <harena.h>

struct nothing {
  char none[0];
};
HARENA_VIEW(nothing, struct nothing)
