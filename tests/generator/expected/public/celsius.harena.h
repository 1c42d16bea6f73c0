/* The view of Celsius, written by harena-gen from shapes.h: what is changed here is lost. */
#ifndef CELSIUS_HARENA_H
#define CELSIUS_HARENA_H

#include "shapes.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(celsius, Celsius)

#endif
