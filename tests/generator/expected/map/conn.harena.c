/* The pointers of struct conn, written by harena-gen from connections.h: what is changed here is lost. */
#include "connections.h"

#include "conn.harena.h"

#include <stddef.h>

/* clang-format off */
static const harena_pointer_field conn_pointer_map_1_fields[] = {
    {
        .name = "key",
        .offset = offsetof(struct conn, entries[0].key) - offsetof(struct conn, entries[0]),
    },
};

static const harena_pointer_map conn_pointer_map_1 = {
    .type = "conn.entries[]",
    .size = sizeof(((struct conn *)0)->entries[0]),
    .fields = conn_pointer_map_1_fields,
    .field_count = 1,
};

static const harena_pointer_field conn_pointer_map_4_fields[] = {
    {
        .name = "name",
        .offset = offsetof(struct conn, grid[0][0].cell[0].name) - offsetof(struct conn, grid[0][0].cell[0]),
    },
};

static const harena_pointer_map conn_pointer_map_4 = {
    .type = "conn.grid[][].cell[]",
    .size = sizeof(((struct conn *)0)->grid[0][0].cell[0]),
    .fields = conn_pointer_map_4_fields,
    .field_count = 1,
};

static const harena_pointer_field conn_pointer_map_3_fields[] = {
    {
        .name = "cell",
        .offset = offsetof(struct conn, grid[0][0].cell) - offsetof(struct conn, grid[0][0]),
        .count = 2,
        .element = &conn_pointer_map_4,
    },
};

static const harena_pointer_map conn_pointer_map_3 = {
    .type = "conn.grid[][]",
    .size = sizeof(((struct conn *)0)->grid[0][0]),
    .fields = conn_pointer_map_3_fields,
    .field_count = 1,
};

static const harena_pointer_field conn_pointer_map_2_fields[] = {
    {
        .name = "",
        .offset = offsetof(struct conn, grid[0]) - offsetof(struct conn, grid[0]),
        .count = 5,
        .element = &conn_pointer_map_3,
    },
};

static const harena_pointer_map conn_pointer_map_2 = {
    .type = "conn.grid[]",
    .size = sizeof(((struct conn *)0)->grid[0]),
    .fields = conn_pointer_map_2_fields,
    .field_count = 1,
};

static const harena_pointer_field conn_pointer_map_fields[] = {
    {
        .name = "peer",
        .offset = offsetof(struct conn, peer),
    },
    {
        .name = "address.host",
        .offset = offsetof(struct conn, address.host),
    },
    {
        .name = "any",
        .offset = offsetof(struct conn, any),
    },
    {
        .name = "entries",
        .offset = offsetof(struct conn, entries),
        .count = 8,
        .element = &conn_pointer_map_1,
    },
    {
        .name = "handlers",
        .offset = offsetof(struct conn, handlers),
        .count = 3,
    },
    {
        .name = "grid",
        .offset = offsetof(struct conn, grid),
        .count = 4,
        .element = &conn_pointer_map_2,
    },
    {
        .name = "owner.address",
        .offset = offsetof(struct conn, owner.address),
    },
};

const harena_pointer_map conn_pointer_map = {
    .type = "struct conn",
    .size = sizeof(struct conn),
    .fields = conn_pointer_map_fields,
    .field_count = 7,
};
