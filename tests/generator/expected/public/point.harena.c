/* The view of Point, written by harena-gen from shapes.h: what is changed here is lost. */
#include "point.harena.h"

HARENA_VIEW_DEFINE(point, Point)
