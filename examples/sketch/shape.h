/* What a drawing is made of. There are no pointers in it, so harena-gen makes views of these. */
#ifndef SKETCH_SHAPE_H
#define SKETCH_SHAPE_H

typedef struct Point {
  int x;
  int y;
} Point;

typedef struct Circle {
  Point centre;
  int radius;
  unsigned filled : 1;
} Circle;

#endif
