/* The view of enum Fill, written by harena-gen from shapes.h: what is changed here is lost. */
#ifndef FILL_HARENA_H
#define FILL_HARENA_H

#include "shapes.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(fill, enum Fill)

#endif
