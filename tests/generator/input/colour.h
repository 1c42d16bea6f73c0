#ifndef COLOUR_H
#define COLOUR_H

typedef struct {
  unsigned char red, green, blue;
} Colour;

#endif
