/* The pointers of struct a_holder_whose_name_takes_forty_four_letters, written by harena-gen from long_names.h: what is changed here is lost. */
#include "long_names.h"

#include "a_holder_whose_name_takes_forty_four_letters.harena.h"

#include <stddef.h>

/* clang-format off */
static const harena_pointer_field a_holder_whose_name_takes_forty_four_letters_pointer_map_1_fields[] = {
    {
        .name = "a_first_member_with_a_long_name",
        .offset = offsetof(struct a_holder_whose_name_takes_forty_four_letters, an_array_of_what_holds_pointers[0].a_first_member_with_a_long_name) - offsetof(struct a_holder_whose_name_takes_forty_four_letters, an_array_of_what_holds_pointers[0]),
    },
    {
        .name = "another_member_with_a_name_that_is_much_longer_than_that",
        .offset = offsetof(struct a_holder_whose_name_takes_forty_four_letters, an_array_of_what_holds_pointers[0].another_member_with_a_name_that_is_much_longer_than_that) - offsetof(struct a_holder_whose_name_takes_forty_four_letters, an_array_of_what_holds_pointers[0]),
    },
};

static const harena_pointer_map a_holder_whose_name_takes_forty_four_letters_pointer_map_1 = {
    .type = "a_holder_whose_name_takes_forty_four_letters.an_array_of_what_holds_pointers[]",
    .size = sizeof(((struct a_holder_whose_name_takes_forty_four_letters *)0)->an_array_of_what_holds_pointers[0]),
    .fields = a_holder_whose_name_takes_forty_four_letters_pointer_map_1_fields,
    .field_count = 2,
};

static const harena_pointer_field a_holder_whose_name_takes_forty_four_letters_pointer_map_fields[] = {
    {
        .name = "an_array_of_what_holds_pointers",
        .offset = offsetof(struct a_holder_whose_name_takes_forty_four_letters, an_array_of_what_holds_pointers),
        .count = 3,
        .element = &a_holder_whose_name_takes_forty_four_letters_pointer_map_1,
    },
    {
        .name = "a_pointer_with_a_name_that_leaves_no_room_in_the_line",
        .offset = offsetof(struct a_holder_whose_name_takes_forty_four_letters, a_pointer_with_a_name_that_leaves_no_room_in_the_line),
    },
};

const harena_pointer_map a_holder_whose_name_takes_forty_four_letters_pointer_map = {
    .type = "struct a_holder_whose_name_takes_forty_four_letters",
    .size = sizeof(struct a_holder_whose_name_takes_forty_four_letters),
    .fields = a_holder_whose_name_takes_forty_four_letters_pointer_map_fields,
    .field_count = 2,
};
