/* The view of struct a_name_that_is_so_long_that_the_macro_must_be_broken, written by harena-gen from long_names.h: what is changed here is lost. */
#include "a_name_that_is_so_long_that_the_macro_must_be_broken.harena.h"

HARENA_VIEW_DEFINE(a_name_that_is_so_long_that_the_macro_must_be_broken,
                   struct a_name_that_is_so_long_that_the_macro_must_be_broken)
