/* The view of Number, written by harena-gen from shapes.h: what is changed here is lost. */
#ifndef NUMBER_HARENA_H
#define NUMBER_HARENA_H

#include "shapes.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(number, Number)

#endif
