#ifndef LONG_NAMES_H
#define LONG_NAMES_H

struct a_name_that_is_so_long_that_the_macro_must_be_broken {
  int member;
};

#endif
