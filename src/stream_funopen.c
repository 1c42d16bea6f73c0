/* Streams of one's own, as the BSDs and macOS have them. */
#include <errno.h>
#include <harena/buffer.h>

static int write_to_buffer(void *buffer, const char *data, int size) {
  return harena_buffer_write(buffer, data, (size_t)size) ? size : -1;
}

/* The only position is the end. */
static off_t seek(void *buffer, off_t position, int whence) {
  off_t end = (off_t)harena_buffer_length(buffer);
  off_t wanted = whence == SEEK_SET ? position : end + position;
  if (wanted != end) {
    errno = ESPIPE;
    return -1;
  }
  return end;
}

FILE *harena_buffer_stream(harena_buffer *buffer) {
  return funopen(buffer, NULL, write_to_buffer, seek, NULL);
}
