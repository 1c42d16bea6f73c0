/* As inline.c, for slices and buffers. */
#include "hooks.h"

#include <harena/buffer.h>
#include <harena/bytes.h>

extern inline bool harena_bytes_make(harena *arena, size_t length, size_t capacity,
                                     harena_bytes *out);
extern inline bool harena_bytes_embed(harena *arena, const void *source, size_t length,
                                      harena_bytes *out);
extern inline bool harena__bytes_append_in_place(harena *arena, harena_bytes *bytes,
                                                 const void *source, size_t length, size_t align);
extern inline bool harena_bytes_append(harena *arena, harena_bytes *bytes, const void *source,
                                       size_t length);
extern inline bool harena_bytes_append_string(harena *arena, harena_bytes *bytes,
                                              const char *string);
extern inline bool harena_bytes_append_byte(harena *arena, harena_bytes *bytes, char byte);
extern inline harena_bytes harena_bytes_slice(harena_bytes bytes, size_t low, size_t high);
extern inline harena_span harena_bytes_view(const harena *arena, harena_bytes bytes);
extern inline char *harena_bytes_string(harena *arena, harena_bytes bytes);
extern inline void harena_buffer_init(harena_buffer *buffer, harena *arena);
extern inline bool harena_buffer_write(harena_buffer *buffer, const void *data, size_t length);
extern inline bool harena_buffer_write_string(harena_buffer *buffer, const char *string);
extern inline bool harena_buffer_write_byte(harena_buffer *buffer, char byte);
extern inline bool harena_buffer_vprintf(harena_buffer *buffer, const char *format,
                                         va_list arguments);
extern inline char *harena_buffer_reserve(harena_buffer *buffer, size_t length);
extern inline void harena_buffer_commit(harena_buffer *buffer, size_t length);
extern inline bool harena_buffer_failed(const harena_buffer *buffer);
extern inline size_t harena_buffer_length(const harena_buffer *buffer);
extern inline size_t harena_buffer_capacity(const harena_buffer *buffer);
extern inline harena_span harena_buffer_view(const harena_buffer *buffer);
extern inline harena_bytes harena_buffer_bytes(const harena_buffer *buffer);
