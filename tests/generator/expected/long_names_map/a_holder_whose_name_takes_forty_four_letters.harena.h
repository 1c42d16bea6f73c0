/* The pointers of struct a_holder_whose_name_takes_forty_four_letters, written by harena-gen from long_names.h: what is changed here is lost. */
#ifndef A_HOLDER_WHOSE_NAME_TAKES_FORTY_FOUR_LETTERS_HARENA_H
#define A_HOLDER_WHOSE_NAME_TAKES_FORTY_FOUR_LETTERS_HARENA_H

#include <harena/debug.h>

HARENA_BEGIN_C

extern const harena_pointer_map a_holder_whose_name_takes_forty_four_letters_pointer_map;

HARENA_END_C

#endif
