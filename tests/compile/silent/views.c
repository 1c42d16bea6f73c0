#include <harena.h>

struct point {
  int x;
};
struct circle {
  struct point center;
  int radius;
};
HARENA_VIEW(point, struct point)
HARENA_VIEW(circle, struct circle)

/* Globals with the names that a careless macro would use. */
extern harena *arena;
extern size_t length, index, ref, value, items, place;

HARENA_VIEW(number, double)

int radius(const harena *from, circle_ref shape) { return circle_load(from, shape).radius; }

bool append(harena *to, point_buffer *path, struct circle circle) {
  return point_append(to, path, circle.center);
}
