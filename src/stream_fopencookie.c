/* Streams of one's own in glibc and musl. */
#include "stream.h"

/* 0 and not -1: that is how a cookie says that nothing was written. */
static ssize_t write_to_buffer(void *buffer, const char *data, size_t size) {
  return harena_buffer_write(buffer, data, size) ? (ssize_t)size : 0;
}

static int seek(void *buffer, off64_t *position, int whence) {
  int64_t place = harena__seek_in_buffer(buffer, *position, whence);
  *position = place;
  return place < 0 ? -1 : 0;
}

FILE *harena_buffer_stream(harena_buffer *buffer) {
  cookie_io_functions_t functions = {.write = write_to_buffer, .seek = seek};
  return fopencookie(buffer, "w", functions);
}
