#include <harena/buffer.h>

#include <limits.h>
#include <string.h>

#include "failure.h"
#include "hooks.h"
#include "slice.h"

/* ---- The window ---- */

/* A write must be seen while room is reserved, because it ends that. */
static void open_window(harena_buffer *buffer) {
  bool watched = (harena__record(buffer->arena)->closed & HARENA__WATCHED) != 0;
  bool open = !watched && buffer->failure == HARENA_OK && buffer->reserved == 0;
  buffer->limit = open ? (char *)buffer->data.address + buffer->capacity : buffer->cursor;
}

/* Then nothing has failed, and nothing is reserved. */
static bool is_open(const harena_buffer *buffer) {
  return HARENA_LIKELY(buffer->cursor != buffer->limit &&
                       buffer->data.epoch == buffer->arena->epoch);
}

/* The buffer after its slice has changed. */
static void take(harena_buffer *buffer, const harena_bytes *bytes) {
  buffer->data = bytes->data;
  buffer->capacity = bytes->capacity;
  buffer->cursor =
      bytes->length > 0 ? (char *)bytes->data.address + bytes->length : (char *)bytes->data.address;
  open_window(buffer);
}

/* ---- Failures ---- */

/* Remembered first: the arena may ask for a panic. */
static bool fail(harena_buffer *buffer, harena_status why, size_t more) {
  buffer->failure = why;
  buffer->reserved = 0;
  open_window(buffer);
  size_t wanted = harena__sum(harena_buffer_length(buffer), more);
  return harena__fail(harena__record(buffer->arena), why, wanted) != NULL;
}

/* Ends a reservation. A stale buffer panics, whether a write has failed or not. */
static bool begin_write(harena_buffer *buffer, size_t length) {
  harena_bytes bytes = harena_buffer_bytes(buffer);
  harena__slice_address(harena__record(buffer->arena), &bytes);
  if (!HARENA_LIKELY(buffer->failure == HARENA_OK)) {
    return fail(buffer, buffer->failure, length);
  }
  if (buffer->reserved > 0) {
    buffer->reserved = 0;
    open_window(buffer);
  }
  return true;
}

/* ---- Writing ---- */

static bool write(harena_buffer *buffer, const void *data, size_t length) {
  if (!begin_write(buffer, length)) {
    return false;
  }
  if (length == 0) {
    return true;
  }
  harena_bytes bytes = harena_buffer_bytes(buffer);
  harena_status status =
      harena__slice_append(harena__record(buffer->arena), &bytes, data, length, 1);
  if (status != HARENA_OK) {
    return fail(buffer, status, length);
  }
  take(buffer, &bytes);
  return true;
}

bool harena__buffer_write(harena_buffer *buffer, const void *data, size_t length) {
  return harena__entered(buffer->arena) && write(buffer, data, length);
}

bool harena__buffer_write_byte(harena_buffer *buffer, char byte) {
  return harena__entered(buffer->arena) && write(buffer, &byte, 1);
}

static char *reserve(harena_buffer *buffer, size_t length) {
  harena__arena *arena = harena__record(buffer->arena);
  harena_bytes bytes = harena_buffer_bytes(buffer);
  harena_bytes old = bytes;
  harena_status status = harena__slice_reserve(arena, &bytes, length, 1);
  if (status != HARENA_OK) {
    fail(buffer, status, length);
    return NULL;
  }
  harena__slice_opened(bytes.data, bytes.length + length);
  harena__slice_left(arena, &old, &bytes);
  take(buffer, &bytes);
  return buffer->cursor;
}

char *harena__buffer_reserve(harena_buffer *buffer, size_t length) {
  length = harena__max(length, 1);
  if (!harena__entered(buffer->arena) || !begin_write(buffer, length)) {
    return NULL;
  }
  char *room = reserve(buffer, length);
  if (room) {
    buffer->reserved = length;
    open_window(buffer);
  }
  return room;
}

void harena__buffer_commit(harena_buffer *buffer, size_t length) {
  if (!harena__entered(buffer->arena)) {
    return;
  }
  size_t room = buffer->capacity - harena_buffer_length(buffer);
  if (length > buffer->reserved || length > room) {
    harena__misused(harena__record(buffer->arena), HARENA__OUT_OF_RANGE, buffer->data.address);
    harena__panic("harena: out of range: commit of %zu bytes, reserved %zu", length,
                  buffer->reserved);
  }
  if (length > 0) {
    harena_bytes bytes = harena_buffer_bytes(buffer);
    harena__slice_address(harena__record(buffer->arena), &bytes);
    buffer->reserved -= length;
    buffer->cursor += length;
    open_window(buffer);
  }
}

/* ---- Formatting ---- */

static bool print_anew(harena_buffer *buffer, size_t length, const char *format,
                       va_list arguments) {
  char *place = reserve(buffer, length + 1);
  if (!place) {
    return false;
  }
  vsnprintf(place, length + 1, format, arguments);
  buffer->cursor += length;
  open_window(buffer);
  return true;
}

/* With less room than this, a text is formatted beside the buffer: most that do not fit are then
 * only copied, not formatted again. In the instrumented build there is no room, so that nothing is
 * opened that will not be written. */
enum { LITTLE_ROOM = 64 };

static bool copy_printed(harena_buffer *buffer, size_t room, const char *text, size_t length) {
  char *place = length < room ? buffer->cursor : reserve(buffer, length + 1);
  if (!place) {
    return false;
  }
  memcpy(place, text, length + 1);
  buffer->cursor += length;
  open_window(buffer);
  return true;
}

HARENA_ATTRIBUTE(noinline)
static bool print_beside(harena_buffer *buffer, size_t room, const char *format,
                         va_list arguments) {
  char text[LITTLE_ROOM];
  va_list again;
  va_copy(again, arguments);
  int printed = vsnprintf(text, sizeof text, format, again);
  va_end(again);
  if (printed < 0) {
    return fail(buffer, HARENA_INVALID, 0);
  }
  size_t length = (size_t)printed;
  return length < sizeof text ? copy_printed(buffer, room, text, length)
                              : print_anew(buffer, length, format, arguments);
}

/* Formats into an open window: most texts need no more. What did not fit, or could not be
 * formatted, gives vsnprintf's result. */
enum { NOT_TRIED = INT_MIN, DONE = 0 };

static inline HARENA_ATTRIBUTE(always_inline) int print_in_place(harena_buffer *buffer,
                                                                 const char *format,
                                                                 va_list arguments) {
  size_t room = harena__distance(buffer->cursor, buffer->limit);
  if (!HARENA_LIKELY(room >= LITTLE_ROOM) || !is_open(buffer)) {
    return NOT_TRIED;
  }
  int printed = vsnprintf(buffer->cursor, room, format, arguments);
  if (!HARENA_LIKELY((size_t)printed < room)) {
    return printed;
  }
  buffer->cursor += printed;
  return DONE;
}

/* After a try that gave `result`. */
HARENA_ATTRIBUTE(noinline)
static bool print_elsewhere(harena_buffer *buffer, int result, const char *format,
                            va_list arguments) {
  if (result == NOT_TRIED) {
    bool may_write = is_open(buffer) || begin_write(buffer, 0);
    size_t room = harena__distance(buffer->cursor, buffer->limit);
    return may_write && print_beside(buffer, room, format, arguments);
  }
  return result < 0 ? fail(buffer, HARENA_INVALID, 0)
                    : print_anew(buffer, (size_t)result, format, arguments);
}

bool harena__buffer_vprintf(harena_buffer *buffer, const char *format, va_list arguments) {
  if (!harena__entered(buffer->arena)) {
    return false;
  }
  va_list again;
  va_copy(again, arguments);
  int result = print_in_place(buffer, format, again);
  va_end(again);
  return result == DONE || print_elsewhere(buffer, result, format, arguments);
}

bool harena_buffer_printf(harena_buffer *buffer, const char *format, ...) {
  if (!harena__entered(buffer->arena)) {
    return false;
  }
  va_list arguments;
  va_start(arguments, format);
  int result = print_in_place(buffer, format, arguments);
  va_end(arguments);
  if (HARENA_LIKELY(result == DONE)) {
    return true;
  }
  va_start(arguments, format);
  bool done = print_elsewhere(buffer, result, format, arguments);
  va_end(arguments);
  return done;
}

/* ---- Copying ---- */

void *harena_buffer_to_heap(const harena_buffer *buffer) {
  return harena_bytes_to_heap(buffer->arena, harena_buffer_bytes(buffer));
}

char *harena_buffer_string_to_heap(const harena_buffer *buffer) {
  return harena_bytes_string_to_heap(buffer->arena, harena_buffer_bytes(buffer));
}
