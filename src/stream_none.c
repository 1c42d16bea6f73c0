/* Where the C library has no streams of one's own. */
#include <errno.h>
#include <harena/buffer.h>

FILE *harena_buffer_stream(harena_buffer *buffer) {
  (void)buffer;
  errno = ENOTSUP;
  return NULL;
}
