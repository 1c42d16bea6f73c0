/* A growing writer: text and bytes of any length, built piece by piece, checked once.
 *
 *     harena_buffer page;
 *     harena_buffer_init(&page, arena);
 *     harena_buffer_write_string(&page, "<h1>");
 *     harena_buffer_printf(&page, "%d of %d", part, parts);
 *     harena_buffer_write_string(&page, "</h1>");
 *     if (!harena_buffer_failed(&page)) {
 *       harena_span text = harena_buffer_view(&page);           text.data, text.length
 *       fwrite(text.data, 1, text.length, stdout);
 *     }
 *
 * A buffer is a byte slice that knows its arena; what bytes.h says of growth, charges, references
 * and the instrumented build holds here too. The struct is the caller's and must be initialised; it
 * has nothing to close. It takes memory with the first write, and only from the arena.
 *
 * A failed write is remembered: what was written before is kept, and every later write fails as
 * well, so the contents have no holes. Each fails as the first one did, with its status and errno,
 * or with a panic where the arena asks for that (HARENA_ABORT_ON_FAILURE).
 *
 * A buffer is good as long as its arena is not cleared, closed or rewound to before its contents
 * were put where they are: by the first write, and by each that found no room there. Using it after
 * a clear or rewind panics, but for harena_buffer_init(), which begins anew; after a close the
 * arena's handle is dead as well. */
#ifndef HARENA_BUFFER_H
#define HARENA_BUFFER_H

#include <harena/bytes.h>
#include <stdio.h>

HARENA_BEGIN_C

/* The members are the library's own; they are shown so that writes can be compiled in place. Bytes
 * are written to the window [cursor, limit) as long as the epoch of `data` is the arena's. The
 * library closes the window (limit == cursor) when it must see every write: after a failure, while
 * room is reserved, and always in the instrumented build. */
typedef struct harena_buffer harena_buffer;
struct harena_buffer {
  char *cursor;
  char *limit;
  harena *arena;
  harena_ref data;
  size_t capacity;
  size_t reserved;
  harena_status failure;
};

/* Makes an empty buffer that will write to `arena`. Takes no memory and cannot fail. */
HARENA_INLINE void harena_buffer_init(harena_buffer *buffer, harena *arena);

/* Appends the `length` bytes at `data`; NULL is allowed for 0 bytes. They may lie in the buffer.
 * False on shortage or after an earlier failure; then nothing of it is written. */
HARENA_INLINE bool harena_buffer_write(harena_buffer *buffer, const void *data, size_t length);

/* The same for a string, without its NUL, and for one byte. */
HARENA_INLINE bool harena_buffer_write_string(harena_buffer *buffer, const char *string)
    HARENA_ATTRIBUTE(nonnull(2));
HARENA_INLINE bool harena_buffer_write_byte(harena_buffer *buffer, char byte);

/* Formats straight into the room behind the contents, as printf; a NUL is written behind them. It
 * does not count, but needs its byte: what would fill the very last byte of a limit or a fixed arena
 * can be written and not formatted. With less than 64 bytes of room it is formatted beside them and
 * copied; a second time only a longer text that did not fit.
 * Arguments must not point into the buffer. False also for what vsnprintf refuses
 * (HARENA_INVALID). */
HARENA_OUT_OF_LINE bool harena_buffer_printf(harena_buffer *buffer, const char *format, ...)
    HARENA_ATTRIBUTE(format(printf, 2, 3));
HARENA_INLINE bool harena_buffer_vprintf(harena_buffer *buffer, const char *format,
                                         va_list arguments) HARENA_ATTRIBUTE(format(printf, 2, 0));

/* Room for `length` more bytes, 0 counting as 1, for the caller to fill, with undefined contents;
 * NULL as a write fails. harena_buffer_commit() makes the first `length` bytes of the room contents.
 * It may be called several times, and takes up to what was reserved; more panics. The next write or
 * reserve ends the reservation: what was not committed is lost, and nothing of it may be. A write
 * behind a reservation goes to the library.
 * Instrumented: the room is opened, and what is behind it stays poisoned. */
HARENA_INLINE char *harena_buffer_reserve(harena_buffer *buffer, size_t length)
    HARENA_ATTRIBUTE(warn_unused_result);
HARENA_INLINE void harena_buffer_commit(harena_buffer *buffer, size_t length);

/* Whether a write has failed since harena_buffer_init(). */
HARENA_INLINE bool harena_buffer_failed(const harena_buffer *buffer);

/* Bytes written, and bytes that fit before the next growth. */
HARENA_INLINE size_t harena_buffer_length(const harena_buffer *buffer);
HARENA_INLINE size_t harena_buffer_capacity(const harena_buffer *buffer);

/* The contents, valid until the next write or reserve; {NULL, 0} before the first. Panics on a
 * stale buffer. */
HARENA_INLINE harena_span harena_buffer_view(const harena_buffer *buffer);

/* The contents as a slice that shares the memory: append to one of the two only. */
HARENA_INLINE harena_bytes harena_buffer_bytes(const harena_buffer *buffer);

/* A copy from malloc() that outlives the arena, and that the caller frees; never NULL but on
 * shortage, with ENOMEM. The second has a NUL behind it. */
HARENA_API void *harena_buffer_to_heap(const harena_buffer *buffer)
    HARENA_ATTRIBUTE(malloc, warn_unused_result);
HARENA_API char *harena_buffer_string_to_heap(const harena_buffer *buffer)
    HARENA_ATTRIBUTE(malloc, warn_unused_result);

/* A stdio stream that appends to the buffer, which must stay where it is until fclose(). stdio
 * collects output before it hands it on: fflush() or fclose() brings all of it to the buffer.
 * fclose(), like ferror(), tells whether any write to the buffer has failed; fflush() only whether
 * one fails now, and is silent when stdio has dropped the output before. With
 * HARENA_ABORT_ON_FAILURE the first failure panics out of stdio, and the stream is good for fclose()
 * only, by the same thread, which then fails. The contents stay after fclose(). The only position
 * is the end: ftell() gives the length, seeking elsewhere fails with ESPIPE. NULL with errno when
 * stdio has no memory, which it takes from the heap, and with ENOTSUP where the C library has no
 * fopencookie(), as glibc and musl have, nor funopen(), as the BSDs and macOS have. */
HARENA_API FILE *harena_buffer_stream(harena_buffer *buffer HARENA_LIFETIMEBOUND)
    HARENA_ATTRIBUTE(warn_unused_result);

/* ---- Out of line ---------------------------------------------------------------------------- */

HARENA_OUT_OF_LINE bool harena__buffer_write(harena_buffer *buffer, const void *data, size_t length)
    HARENA_ATTRIBUTE(HARENA_COLD);
HARENA_OUT_OF_LINE bool harena__buffer_write_byte(harena_buffer *buffer, char byte)
    HARENA_ATTRIBUTE(HARENA_COLD);
HARENA_OUT_OF_LINE bool harena__buffer_vprintf(harena_buffer *buffer, const char *format,
                                               va_list arguments)
    HARENA_ATTRIBUTE(format(printf, 2, 0));
HARENA_OUT_OF_LINE char *harena__buffer_reserve(harena_buffer *buffer, size_t length);
HARENA_OUT_OF_LINE void harena__buffer_commit(harena_buffer *buffer, size_t length);

/* ---- In place ------------------------------------------------------------------------------- */

inline void harena_buffer_init(harena_buffer *buffer, harena *arena) {
  harena_buffer fresh = {NULL, NULL, arena, {NULL, 0}, 0, 0, HARENA_OK};
  *buffer = fresh;
}

/* Length 0 wraps and goes to the call, because `data` may be NULL then. */
HARENA_WRAPS inline bool harena_buffer_write(harena_buffer *buffer, const void *data,
                                             size_t length) {
  char *place = buffer->cursor;
  if (HARENA_LIKELY(length - 1 < (size_t)(buffer->limit - place) &&
                    buffer->data.epoch == buffer->arena->epoch)) {
    buffer->cursor = place + length;
    memmove(place, data, length);
    return true;
  }
  bool done = harena__buffer_write(buffer, data, length);
  HARENA_KEEP_FRAME();
  return done;
}

inline bool harena_buffer_write_string(harena_buffer *buffer, const char *string) {
  return harena_buffer_write(buffer, string, strlen(string));
}

inline bool harena_buffer_write_byte(harena_buffer *buffer, char byte) {
  char *place = buffer->cursor;
  if (HARENA_LIKELY(place != buffer->limit && buffer->data.epoch == buffer->arena->epoch)) {
    buffer->cursor = place + 1;
    *place = byte;
    return true;
  }
  bool done = harena__buffer_write_byte(buffer, byte);
  HARENA_KEEP_FRAME();
  return done;
}

inline bool harena_buffer_vprintf(harena_buffer *buffer, const char *format, va_list arguments) {
  bool done = harena__buffer_vprintf(buffer, format, arguments);
  HARENA_KEEP_FRAME();
  return done;
}

inline char *harena_buffer_reserve(harena_buffer *buffer, size_t length) {
  char *room = harena__buffer_reserve(buffer, length);
  HARENA_KEEP_FRAME();
  return room;
}

inline void harena_buffer_commit(harena_buffer *buffer, size_t length) {
  harena__buffer_commit(buffer, length);
  HARENA_KEEP_FRAME();
}

inline bool harena_buffer_failed(const harena_buffer *buffer) {
  return buffer->failure != HARENA_OK;
}

inline size_t harena_buffer_length(const harena_buffer *buffer) {
  return (size_t)((uintptr_t)buffer->cursor - (uintptr_t)buffer->data.address);
}

inline size_t harena_buffer_capacity(const harena_buffer *buffer) { return buffer->capacity; }

inline harena_bytes harena_buffer_bytes(const harena_buffer *buffer) {
  harena_bytes bytes = {buffer->data, harena_buffer_length(buffer), buffer->capacity};
  return bytes;
}

inline harena_span harena_buffer_view(const harena_buffer *buffer) {
  return harena_bytes_view(buffer->arena, harena_buffer_bytes(buffer));
}

HARENA_END_C

#endif
