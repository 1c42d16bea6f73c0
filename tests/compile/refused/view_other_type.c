/* point_ref */
#include <harena.h>

struct point {
  int x;
};
struct circle {
  int radius;
};
HARENA_VIEW(point, struct point)
HARENA_VIEW(circle, struct circle)

int radius(const harena *arena, point_ref ref) { return circle_load(arena, ref).radius; }
