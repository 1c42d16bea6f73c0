/* The view of Circle, written by harena-gen from shapes.h: what is changed here is lost. */
#include "circle.harena.h"

HARENA_VIEW_DEFINE(circle, Circle)
