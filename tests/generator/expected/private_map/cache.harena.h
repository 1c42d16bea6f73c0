/* The pointers of struct cache, written by harena-gen from cache.c: what is changed here is lost. */
#ifndef CACHE_HARENA_H
#define CACHE_HARENA_H

#include <harena/debug.h>
#include <stddef.h>

/* clang-format off */
static const harena_pointer_field cache_pointer_map_fields[] = {
    {
        .name = "first",
        .offset = offsetof(struct cache, first),
    },
};

static const harena_pointer_map cache_pointer_map = {
    .type = "struct cache",
    .size = sizeof(struct cache),
    .fields = cache_pointer_map_fields,
    .field_count = 1,
};

#endif
