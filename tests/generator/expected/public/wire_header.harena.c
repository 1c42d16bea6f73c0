/* The view of struct wire_header, written by harena-gen from shapes.h: what is changed here is lost. */
#include "wire_header.harena.h"

HARENA_VIEW_DEFINE(wire_header, struct wire_header)
