/* The pointers of Plain, written by harena-gen from connections.h: what is changed here is lost. */
#include "connections.h"

#include "plain.harena.h"

#include <stddef.h>

/* clang-format off */
const harena_pointer_map plain_pointer_map = {
    .type = "Plain",
    .size = sizeof(Plain),
};
