/* The view of struct inner, written by harena-gen from c_only.h: what is changed here is lost. */
#ifndef INNER_HARENA_H
#define INNER_HARENA_H

#include "c_only.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(inner, struct inner)

#endif
