/* The view of enum Fill, written by harena-gen from shapes.h: what is changed here is lost. */
#include "fill.harena.h"

HARENA_VIEW_DEFINE(fill, enum Fill)
