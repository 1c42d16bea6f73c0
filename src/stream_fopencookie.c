/* Streams of one's own, as glibc and musl have them. */
#include "stream.h"

/* 0 and not -1: that is how a cookie says that nothing was written. */
static ssize_t write_to_buffer(void *buffer, const char *data, size_t size) {
  return harena__stream_write(buffer, data, size) ? (ssize_t)size : 0;
}

static int seek(void *buffer, off64_t *position, int whence) {
  if (!harena__stream_seek(buffer, *position, whence)) {
    return -1;
  }
  *position = (off64_t)harena_buffer_length(buffer);
  return 0;
}

static int close_stream(void *buffer) { return harena__stream_failed(buffer) ? -1 : 0; }

FILE *harena_buffer_stream(harena_buffer *buffer) {
  cookie_io_functions_t functions = {.write = write_to_buffer, .seek = seek, .close = close_stream};
  return fopencookie(buffer, "w", functions);
}
