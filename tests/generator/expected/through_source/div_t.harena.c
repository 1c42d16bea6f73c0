/* The view of div_t, written by harena-gen from stdlib.h: what is changed here is lost. */
#include "div_t.harena.h"

HARENA_VIEW_DEFINE(div_t, div_t)
