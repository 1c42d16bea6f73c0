/* The types of the headers that a source file includes are public. */
#include <colour.h>
#include <stdlib.h>

#include "../input/shapes.h"

#define DEFINE(name) struct name
DEFINE(Local) { div_t result; };
