/* The view of enum level, written by harena-gen from c_only.h: what is changed here is lost. */
#ifndef LEVEL_HARENA_H
#define LEVEL_HARENA_H

#include "c_only.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(level, enum level)

#endif
