#ifndef LONG_NAMES_H
#define LONG_NAMES_H

struct a_name_that_is_so_long_that_the_macro_must_be_broken {
  int member;
};

struct a_holder_whose_name_takes_forty_four_letters {
  struct {
    char *a_first_member_with_a_long_name,
        *another_member_with_a_name_that_is_much_longer_than_that;
  } an_array_of_what_holds_pointers[3], *a_pointer_with_a_name_that_leaves_no_room_in_the_line;
};

#endif
