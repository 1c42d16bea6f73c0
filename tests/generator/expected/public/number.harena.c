/* The view of Number, written by harena-gen from shapes.h: what is changed here is lost. */
#include "number.harena.h"

HARENA_VIEW_DEFINE(number, Number)
