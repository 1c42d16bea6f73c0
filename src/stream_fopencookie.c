/* Streams of one's own, as glibc and musl have them. */
#include <errno.h>
#include <harena/buffer.h>

/* 0 and not -1: that is how a cookie says that nothing was written. */
static ssize_t write_to_buffer(void *buffer, const char *data, size_t size) {
  return harena_buffer_write(buffer, data, size) ? (ssize_t)size : 0;
}

/* The only position is the end. */
static int seek(void *buffer, off64_t *position, int whence) {
  off64_t end = (off64_t)harena_buffer_length(buffer);
  off64_t wanted = whence == SEEK_SET ? *position : end + *position;
  if (wanted != end) {
    errno = ESPIPE;
    return -1;
  }
  *position = end;
  return 0;
}

FILE *harena_buffer_stream(harena_buffer *buffer) {
  cookie_io_functions_t functions = {.write = write_to_buffer, .seek = seek};
  return fopencookie(buffer, "w", functions);
}
