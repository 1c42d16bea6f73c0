#include "views.h"

HARENA_VIEW_DEFINE(point, struct point)
HARENA_VIEW_DEFINE(number, double)
HARENA_VIEW_DEFINE(meter, double)
