/* Valgrind's client requests, from the copy of its headers. They are not held to this project's
 * warnings. */
#ifndef HARENA_INSTRUMENT_REQUESTS_H
#define HARENA_INSTRUMENT_REQUESTS_H

#pragma GCC system_header
#include "valgrind/memcheck.h"

#endif
