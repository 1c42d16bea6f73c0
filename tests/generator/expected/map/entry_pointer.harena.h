/* The pointers of EntryPointer, written by harena-gen from connections.h: what is changed here is lost. */
#ifndef ENTRY_POINTER_HARENA_H
#define ENTRY_POINTER_HARENA_H

#include <harena/debug.h>

HARENA_BEGIN_C

extern const harena_pointer_map entry_pointer_pointer_map;

HARENA_END_C

#endif
