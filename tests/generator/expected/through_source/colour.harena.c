/* The view of Colour, written by harena-gen from colour.h: what is changed here is lost. */
#include "colour.harena.h"

HARENA_VIEW_DEFINE(colour, Colour)
