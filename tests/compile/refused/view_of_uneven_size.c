/* a multiple of its alignment */
#include <harena.h>

typedef struct {
  double x, y, z;
} vector __attribute__((aligned(16)));
HARENA_VIEW(vector, vector)
