/* The view of Circle, written by harena-gen from shapes.h: what is changed here is lost. */
#ifndef CIRCLE_HARENA_H
#define CIRCLE_HARENA_H

#include "shapes.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(circle, Circle)

#endif
