/* The view of struct inner, written by harena-gen from c_only.h: what is changed here is lost. */
#include "inner.harena.h"

HARENA_VIEW_DEFINE(inner, struct inner)
