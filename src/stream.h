/* What the kinds of streams of one's own share. */
#ifndef HARENA_SRC_STREAM_H
#define HARENA_SRC_STREAM_H

#include <errno.h>
#include <harena/buffer.h>

#include "failure.h"

/* Asked before each write and at the end. stdio drops what could not be written, and would close as
 * if nothing had happened; and a stream that a panic has jumped out of must not panic again while it
 * is closed. */
static inline bool harena__stream_failed(const harena_buffer *buffer) {
  if (harena_buffer_failed(buffer)) {
    harena__set_errno(buffer->failure);
    return true;
  }
  return false;
}

static inline bool harena__stream_write(harena_buffer *buffer, const char *data, size_t size) {
  return !harena__stream_failed(buffer) && harena_buffer_write(buffer, data, size);
}

/* The only position is the end. */
static inline bool harena__stream_seek(const harena_buffer *buffer, long long position,
                                       int whence) {
  long long wanted = whence == SEEK_SET ? (long long)harena_buffer_length(buffer) : 0;
  if (position != wanted) {
    errno = ESPIPE;
    return false;
  }
  return true;
}

#endif
