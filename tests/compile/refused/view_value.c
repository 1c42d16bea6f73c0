/* incompatible|not convert|no known conversion */
#include <harena.h>

struct point {
  int x;
};
struct circle {
  int radius;
};
HARENA_VIEW(point, struct point)

bool append(harena *arena, point_buffer *path, struct circle circle) {
  return point_append(arena, path, circle);
}
