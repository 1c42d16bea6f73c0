/* Names of C++ functions as their programmers write them. */
#ifndef HARENA_INSTRUMENT_DEMANGLE_H
#define HARENA_INSTRUMENT_DEMANGLE_H

#include <stdbool.h>

#include "line.h"

/* "_ZN4shop6Basket3addEi" becomes "shop::Basket::add": without parameters, and with <...> for
 * template arguments. False, and nothing is added, for what is no such name, or one of a lambda, an
 * operator or a local class, which stay as they are.
 *
 * Not __cxa_demangle(): it needs the heap, which a report must not enter, and libstdc++. */
bool harena__demangle(const char *mangled, harena__line *out);

#endif
