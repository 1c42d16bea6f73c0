/* The view of Celsius, written by harena-gen from shapes.h: what is changed here is lost. */
#include "celsius.harena.h"

HARENA_VIEW_DEFINE(celsius, Celsius)
