/* The pointers of EntryPointer, written by harena-gen from connections.h: what is changed here is lost. */
#include "connections.h"

#include "entry_pointer.harena.h"

#include <stddef.h>

/* clang-format off */
static const harena_pointer_field entry_pointer_pointer_map_fields[] = {
    {
        .name = "",
        .offset = 0,
    },
};

const harena_pointer_map entry_pointer_pointer_map = {
    .type = "EntryPointer",
    .size = sizeof(EntryPointer),
    .fields = entry_pointer_pointer_map_fields,
    .field_count = 1,
};
