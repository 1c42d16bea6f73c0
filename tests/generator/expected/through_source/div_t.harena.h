/* The view of div_t, written by harena-gen from stdlib.h: what is changed here is lost. */
#ifndef DIV_T_HARENA_H
#define DIV_T_HARENA_H

#include <stdlib.h>

#include <harena/view.h>

HARENA_VIEW_DECLARE(div_t, div_t)

#endif
