/* The view of struct tree, written by harena-gen from references.h: what is changed here is lost. */
#include "tree.harena.h"

HARENA_VIEW_DEFINE(tree, struct tree)
