/* The view of struct tree, written by harena-gen from references.h: what is changed here is lost. */
#ifndef TREE_HARENA_H
#define TREE_HARENA_H

#include "references.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(tree, struct tree)

#endif
