/* One of everything that a view may hold. */
#ifndef SHAPES_H
#define SHAPES_H

#include <stdint.h>
#include <time.h>

#include "colour.h"

typedef struct Circle Circle;

typedef struct Point {
  double x, y;
} Point;

enum Fill { EMPTY, HATCHED, FULL };

struct Circle {
  Point centre;
  double radius;
  enum Fill fill;
  struct {
    unsigned visible : 1;
    unsigned : 0;
    unsigned layer : 5;
  } flags;
  union {
    Colour colour;
    uint32_t word;
  };
  struct timespec drawn;
  struct {
    int16_t at[2][3];
  } corners[4];
};

struct __attribute__((packed)) wire_header {
  uint8_t kind;
  uint32_t length;
};

typedef union Number {
  long long whole;
  double real;
} Number;

typedef int Celsius;

#endif
