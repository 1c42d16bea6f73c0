/* The view of struct a_name_that_is_so_long_that_the_macro_must_be_broken, written by harena-gen from long_names.h: what is changed here is lost. */
#ifndef A_NAME_THAT_IS_SO_LONG_THAT_THE_MACRO_MUST_BE_BROKEN_HARENA_H
#define A_NAME_THAT_IS_SO_LONG_THAT_THE_MACRO_MUST_BE_BROKEN_HARENA_H

#include "long_names.h"

#include <harena/view.h>

HARENA_VIEW_DECLARE(a_name_that_is_so_long_that_the_macro_must_be_broken,
                    struct a_name_that_is_so_long_that_the_macro_must_be_broken)

#endif
