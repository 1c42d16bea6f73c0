/* Streams of one's own, as the BSDs and macOS have them. */
#include "stream.h"

static int write_to_buffer(void *buffer, const char *data, int size) {
  return harena__stream_write(buffer, data, (size_t)size) ? size : -1;
}

static off_t seek(void *buffer, off_t position, int whence) {
  return harena__stream_seek(buffer, position, whence) ? (off_t)harena_buffer_length(buffer) : -1;
}

static int close_stream(void *buffer) { return harena__stream_failed(buffer) ? -1 : 0; }

FILE *harena_buffer_stream(harena_buffer *buffer) {
  return funopen(buffer, NULL, write_to_buffer, seek, close_stream);
}
