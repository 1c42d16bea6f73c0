/* Byte slices: a stretch of an arena's memory with a length and a capacity, behind a reference.
 *
 *     harena_bytes line = {0};
 *     harena_bytes_append_string(arena, &line, "hello");
 *     harena_bytes_append_byte(arena, &line, '!');
 *     harena_span text = harena_bytes_view(arena, line);       text.data, text.length
 *     puts(harena_bytes_string(arena, line));
 *
 * Slices are values of four words and behave as in Go:
 *
 * - A zeroed harena_bytes is empty and may be used everywhere.
 * - Appending writes behind the length while there is capacity. Beyond it the slice grows: where it
 *   is, if it was allocated last and its chunk has the room, else it moves to a new place of twice
 *   the capacity.
 * - Copies and sub-slices share memory. Append to one of them only: others neither see the new
 *   length nor keep what is behind theirs.
 * - A slice that begins where its block begins stands for the block: when growth moves it, the old
 *   place ends, and with it all other slices of that block. In release the old bytes stay as they
 *   are until the arena's clear; in neither build are they used again before.
 * - A slice lives as long as its block: until its arena is cleared, closed or rewound to before it.
 *   Using it after a clear or rewind panics, in both builds. After a close the arena's handle is dead
 *   as well: undefined in release, reported by the instrumented build.
 *
 * The rules of arena.h for sizes, failures and threads hold here too.
 *
 * The instrumented build poisons the unused capacity: only bytes that make, append or slice has
 * opened may be touched, and they stay open until the block ends. It reports the use of a stale
 * slice, and of a harena_span that was kept over a growth that moved, with both places. */
#ifndef HARENA_BYTES_H
#define HARENA_BYTES_H

#include <harena/arena.h>
#include <string.h>

HARENA_BEGIN_C

/* A slice. `data` is good as long as its block; capacity counts from there, in bytes. */
typedef struct harena_bytes {
  harena_ref data;
  size_t length;
  size_t capacity;
} harena_bytes;

/* A slice resolved to plain memory: valid until the next growth, clear or rewind. */
typedef struct harena_span {
  char *data;
  size_t length;
} harena_span;

/* A slice of `length` zeroed bytes with room for `capacity`, 0 to PTRDIFF_MAX. Capacity 0 gives
 * the empty slice and takes no memory. False, with `*out` unchanged, on shortage, and with
 * HARENA_INVALID when `length` is over `capacity`. Charged as one block of `capacity` bytes.
 * Instrumented: the bytes behind `length` are poisoned until they are opened. */
HARENA_INLINE bool harena_bytes_make(harena *arena, size_t length, size_t capacity,
                                     harena_bytes *out) HARENA_ATTRIBUTE(warn_unused_result);

/* A slice with a copy of the `length` bytes at `source`, which may be NULL when `length` is 0. Its
 * capacity is its length. False, with `*out` unchanged, on shortage. */
HARENA_INLINE bool harena_bytes_embed(harena *arena, const void *source, size_t length,
                                      harena_bytes *out) HARENA_ATTRIBUTE(warn_unused_result);

/* Appends the `length` bytes at `source`; NULL is allowed for 0 bytes. They may lie in the slice
 * itself. On shortage false, and the slice and its memory are as they were. With HARENA_NO_MEMORY
 * also when the new length would be over PTRDIFF_MAX.
 * Cost: within the capacity a copy in place, after two compares. Growth asks for twice the
 * capacity, for 16 bytes at least, or for what can be had; only the difference is charged while the
 * slice is the youngest block, else the old place stays charged as well. While a mark is active
 * each call goes to the library.
 * Instrumented: every call goes to the library, which opens what is written. */
HARENA_INLINE bool harena_bytes_append(harena *arena, harena_bytes *bytes, const void *source,
                                       size_t length);

/* The same for a string, without its NUL, and for one byte. */
HARENA_INLINE bool harena_bytes_append_string(harena *arena, harena_bytes *bytes,
                                              const char *string) HARENA_ATTRIBUTE(nonnull(3));
HARENA_INLINE bool harena_bytes_append_byte(harena *arena, harena_bytes *bytes, char byte);

/* The bytes from `low` to before `high`, sharing the memory. `high` may reach up to the capacity:
 * bytes that were never written are undefined. The capacity is the old one less `low`; where that
 * is 0 the result is the empty slice. Panics unless low <= high <= capacity, with all of them
 * and the length. The slice is not resolved, so a stale one is found when the result is used.
 * Instrumented: the bytes before `high` are opened. */
HARENA_INLINE harena_bytes harena_bytes_slice(harena_bytes bytes, size_t low, size_t high);

/* Where the bytes are now; {NULL, 0} for a zeroed slice. Panics on a stale or foreign slice. One
 * compare. */
HARENA_INLINE harena_span harena_bytes_view(const harena *arena, harena_bytes bytes);

/* A copy in the arena with a NUL behind it; "" for an empty slice. NULL on shortage. */
HARENA_INLINE char *harena_bytes_string(harena *arena, harena_bytes bytes)
    HARENA_ATTRIBUTE(warn_unused_result);

/* A copy from malloc() that outlives the arena, and that the caller frees; never NULL but on
 * shortage, with ENOMEM. The second has a NUL behind it. */
HARENA_API void *harena_bytes_to_heap(const harena *arena, harena_bytes bytes)
    HARENA_ATTRIBUTE(malloc, warn_unused_result);
HARENA_API char *harena_bytes_string_to_heap(const harena *arena, harena_bytes bytes)
    HARENA_ATTRIBUTE(malloc, warn_unused_result);

/* ---- Out of line ---------------------------------------------------------------------------- */
/* As in arena.h: behind the inline functions. `align` is that of the elements of a typed view. */

HARENA_OUT_OF_LINE bool harena__bytes_make(harena *arena, size_t length, size_t capacity,
                                           size_t align, harena_bytes *out);
HARENA_OUT_OF_LINE bool harena__bytes_embed(harena *arena, const void *source, size_t length,
                                            harena_bytes *out);
HARENA_OUT_OF_LINE bool harena__bytes_append(harena *arena, harena_bytes *bytes, const void *source,
                                             size_t length, size_t align)
    HARENA_ATTRIBUTE(HARENA_COLD);
HARENA_OUT_OF_LINE bool harena__bytes_append_byte(harena *arena, harena_bytes *bytes, char byte)
    HARENA_ATTRIBUTE(HARENA_COLD);
HARENA_OUT_OF_LINE harena_bytes harena__bytes_slice(harena_bytes bytes, size_t low, size_t high);
HARENA_OUT_OF_LINE harena_span harena__bytes_view(const harena *arena, harena_bytes bytes)
    HARENA_ATTRIBUTE(HARENA_COLD);
HARENA_OUT_OF_LINE char *harena__bytes_string(harena *arena, harena_bytes bytes);

/* The panics of indexes and slices; `data` is where the slice lies. */
HARENA_OUT_OF_LINE void harena__index_out_of_range(const void *data, size_t index, size_t length)
    HARENA_ATTRIBUTE(noreturn, cold);
HARENA_OUT_OF_LINE void harena__slice_out_of_range(const void *data, size_t low, size_t high,
                                                   size_t length, size_t capacity)
    HARENA_ATTRIBUTE(noreturn, cold);

/* ---- In place ------------------------------------------------------------------------------- */

inline bool harena_bytes_make(harena *arena, size_t length, size_t capacity, harena_bytes *out) {
  bool done = harena__bytes_make(arena, length, capacity, 1, out);
  HARENA_KEEP_FRAME();
  return done;
}

inline bool harena_bytes_embed(harena *arena, const void *source, size_t length,
                               harena_bytes *out) {
  bool done = harena__bytes_embed(arena, source, length, out);
  HARENA_KEEP_FRAME();
  return done;
}

/* The epoch closes this path for every slice that the library must look at. Length 0 wraps and
 * goes to the call, because `source` may be NULL then. memmove: taking bytes out of the middle is
 * appending the end of a slice to its beginning. The new length is written as a value: compilers
 * make of += an addition in memory, which the next append waits for. */
HARENA_INLINE bool harena__bytes_append_in_place(harena *arena, harena_bytes *bytes,
                                                 const void *source, size_t length, size_t align);
HARENA_WRAPS inline bool harena__bytes_append_in_place(harena *arena, harena_bytes *bytes,
                                                       const void *source, size_t length,
                                                       size_t align) {
  size_t before = bytes->length;
  char *address = (char *)bytes->data.address;
  if (HARENA_LIKELY(length - 1 < bytes->capacity - before && bytes->data.epoch == arena->epoch)) {
    memmove(address + before, source, length);
    bytes->length = before + length;
    return true;
  }
  bool done = harena__bytes_append(arena, bytes, source, length, align);
  HARENA_KEEP_FRAME();
  return done;
}

inline bool harena_bytes_append(harena *arena, harena_bytes *bytes, const void *source,
                                size_t length) {
  return harena__bytes_append_in_place(arena, bytes, source, length, 1);
}

inline bool harena_bytes_append_string(harena *arena, harena_bytes *bytes, const char *string) {
  return harena_bytes_append(arena, bytes, string, strlen(string));
}

inline bool harena_bytes_append_byte(harena *arena, harena_bytes *bytes, char byte) {
  size_t length = bytes->length;
  char *address = (char *)bytes->data.address;
  if (HARENA_LIKELY(length < bytes->capacity && bytes->data.epoch == arena->epoch)) {
    address[length] = byte;
    bytes->length = length + 1;
    return true;
  }
  bool done = harena__bytes_append_byte(arena, bytes, byte);
  HARENA_KEEP_FRAME();
  return done;
}

/* Within the length nothing has to be opened. At the capacity's end there is no byte whose address
 * could stand for the slice. */
inline harena_bytes harena_bytes_slice(harena_bytes bytes, size_t low, size_t high) {
  if (HARENA_LIKELY(low <= high && high <= bytes.length && low < bytes.capacity)) {
    harena_bytes part = bytes;
    part.data.address = (char *)bytes.data.address + low;
    part.length = high - low;
    part.capacity = bytes.capacity - low;
    return part;
  }
  harena_bytes part = harena__bytes_slice(bytes, low, high);
  HARENA_KEEP_FRAME();
  return part;
}

inline harena_span harena_bytes_view(const harena *arena, harena_bytes bytes) {
  if (HARENA_LIKELY(bytes.data.epoch == arena->epoch)) {
    harena_span span = {(char *)bytes.data.address, bytes.length};
    return span;
  }
  harena_span span = harena__bytes_view(arena, bytes);
  HARENA_KEEP_FRAME();
  return span;
}

inline char *harena_bytes_string(harena *arena HARENA_LIFETIMEBOUND, harena_bytes bytes) {
  char *string = harena__bytes_string(arena, bytes);
  HARENA_KEEP_FRAME();
  return string;
}

HARENA_END_C

#endif
