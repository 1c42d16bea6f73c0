/* The view of Colour, written by harena-gen from colour.h: what is changed here is lost. */
#ifndef COLOUR_HARENA_H
#define COLOUR_HARENA_H

#include "colour.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(colour, Colour)

#endif
