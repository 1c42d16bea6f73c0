/* The pointers of struct holder, written by harena-gen from c_only.h: what is changed here is lost. */
#ifndef HOLDER_HARENA_H
#define HOLDER_HARENA_H

#include <harena/debug.h>

HARENA_BEGIN_C

extern const harena_pointer_map holder_pointer_map;

HARENA_END_C

#endif
