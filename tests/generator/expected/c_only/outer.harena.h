/* The view of struct outer, written by harena-gen from c_only.h: what is changed here is lost. */
#ifndef OUTER_HARENA_H
#define OUTER_HARENA_H

#include "c_only.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(outer, struct outer)

#endif
