/* The view of Point, written by harena-gen from shapes.h: what is changed here is lost. */
#ifndef POINT_HARENA_H
#define POINT_HARENA_H

#include "shapes.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(point, Point)

#endif
