/* What the kinds of stdio streams of one's own have in common. */
#ifndef HARENA_SRC_STREAM_H
#define HARENA_SRC_STREAM_H

#include <errno.h>
#include <harena/buffer.h>

/* The only position is the end. -1 with ESPIPE for any other. */
static inline int64_t harena__seek_in_buffer(const harena_buffer *buffer, int64_t offset,
                                             int whence) {
  int64_t end = (int64_t)harena_buffer_length(buffer);
  int64_t base = whence == SEEK_SET ? 0 : end;
  if (offset != end - base) {
    errno = ESPIPE;
    return -1;
  }
  return end;
}

#endif
