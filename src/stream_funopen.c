/* Streams of one's own in the C libraries of BSD and macOS. */
#include "stream.h"

static int write_to_buffer(void *buffer, const char *data, int size) {
  return harena_buffer_write(buffer, data, (size_t)size) ? size : -1;
}

static fpos_t seek(void *buffer, fpos_t offset, int whence) {
  return harena__seek_in_buffer(buffer, offset, whence);
}

FILE *harena_buffer_stream(harena_buffer *buffer) {
  return funopen(buffer, NULL, write_to_buffer, seek, NULL);
}
