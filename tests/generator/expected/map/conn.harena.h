/* The pointers of struct conn, written by harena-gen from connections.h: what is changed here is lost. */
#ifndef CONN_HARENA_H
#define CONN_HARENA_H

#include <harena/debug.h>

HARENA_BEGIN_C

extern const harena_pointer_map conn_pointer_map;

HARENA_END_C

#endif
