/* The view of struct Local, written by harena-gen from division.c: what is changed here is lost. */
#ifndef LOCAL_HARENA_H
#define LOCAL_HARENA_H

#include <harena/view.h>

HARENA_VIEW(local, struct Local)

#endif
