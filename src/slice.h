/* Byte slices, for what is built on them. */
#ifndef HARENA_SRC_SLICE_H
#define HARENA_SRC_SLICE_H

#include <harena/bytes.h>

#include "record.h"

/* Where the bytes are; NULL for the empty slice; a panic for a stale one. */
char *harena__slice_address(const harena__arena *arena, const harena_bytes *bytes);

/* Gives the slice room for `extra` more bytes; length and contents stay. The result says why it
 * could not, and is the caller's to report. When the slice moved, the old place lives until
 * harena__slice_left(), so that what lies there can still be appended. */
harena_status harena__slice_reserve(harena__arena *arena, harena_bytes *bytes, size_t extra,
                                    size_t align);

/* The slice was `old` before it grew: ends the old place if it moved. */
void harena__slice_left(harena__arena *arena, const harena_bytes *old, const harena_bytes *bytes);

/* harena_bytes_append() for elements of an alignment; the slice is checked first, and a failure is
 * the caller's to report. */
harena_status harena__slice_append(harena__arena *arena, harena_bytes *bytes, const void *source,
                                   size_t length, size_t align);

/* A copy from malloc(), with room for `more` bytes behind it. */
char *harena__copy_to_heap(const char *data, size_t length, size_t more);

#endif
