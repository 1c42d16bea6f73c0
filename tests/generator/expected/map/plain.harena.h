/* The pointers of Plain, written by harena-gen from connections.h: what is changed here is lost. */
#ifndef PLAIN_HARENA_H
#define PLAIN_HARENA_H

#include <harena/debug.h>

HARENA_BEGIN_C

extern const harena_pointer_map plain_pointer_map;

HARENA_END_C

#endif
