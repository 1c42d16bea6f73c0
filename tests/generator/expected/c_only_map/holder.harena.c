/* The pointers of struct holder, written by harena-gen from c_only.h: what is changed here is lost. */
#include "c_only.h"

#include "holder.harena.h"

#include <stddef.h>

/* clang-format off */
static const harena_pointer_field holder_pointer_map_fields[] = {
    {
        .name = "first",
        .offset = offsetof(struct holder, first),
    },
    {
        .name = "second",
        .offset = offsetof(struct holder, second),
    },
    {
        .name = "third",
        .offset = offsetof(struct holder, third),
    },
};

const harena_pointer_map holder_pointer_map = {
    .type = "struct holder",
    .size = sizeof(struct holder),
    .fields = holder_pointer_map_fields,
    .field_count = 3,
};
