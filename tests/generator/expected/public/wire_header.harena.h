/* The view of struct wire_header, written by harena-gen from shapes.h: what is changed here is lost. */
#ifndef WIRE_HEADER_HARENA_H
#define WIRE_HEADER_HARENA_H

#include "shapes.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(wire_header, struct wire_header)

#endif
