/* The view of enum level, written by harena-gen from c_only.h: what is changed here is lost. */
#include "level.harena.h"

HARENA_VIEW_DEFINE(level, enum level)
