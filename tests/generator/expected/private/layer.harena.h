/* The view of struct Layer, written by harena-gen from private.c: what is changed here is lost. */
#ifndef LAYER_HARENA_H
#define LAYER_HARENA_H

#include <harena/view.h>

HARENA_VIEW(layer, struct Layer)

#endif
