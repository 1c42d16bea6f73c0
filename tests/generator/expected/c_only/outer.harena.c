/* The view of struct outer, written by harena-gen from c_only.h: what is changed here is lost. */
#include "outer.harena.h"

HARENA_VIEW_DEFINE(outer, struct outer)
