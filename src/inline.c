/* The one real symbol of each function that the headers define in place: for function pointers, for
 * -O0, and for languages that cannot inline C. */
#include <harena/arena.h>
#include <harena/buffer.h>
#include <harena/bytes.h>

extern inline harena *harena_open(const harena_options *options);
extern inline harena *harena_open_in(void *buffer, size_t size, const harena_options *options);
extern inline void harena_clear(harena *arena);
extern inline void harena_close(harena *arena);
extern inline void harena_trim(harena *arena);
extern inline bool harena_set_limit(harena *arena, size_t limit);
extern inline void *harena_alloc(harena *arena, size_t size, size_t align);
extern inline void *harena_alloc_zeroed(harena *arena, size_t size, size_t align);
extern inline size_t harena__array_size(size_t count, size_t size);
extern inline void *harena_alloc_array(harena *arena, size_t count, size_t size, size_t align);
extern inline void *harena_alloc_array_zeroed(harena *arena, size_t count, size_t size,
                                              size_t align);
extern inline void *harena_alloc_between(harena *arena, size_t min_size, size_t preferred_size,
                                         size_t align, size_t *size);
extern inline void *harena_realloc(harena *arena, void *block, size_t old_size, size_t new_size,
                                   size_t align);
extern inline void harena_free(harena *arena, void *block, size_t size);
extern inline void *harena_dup(harena *arena, const void *source, size_t size, size_t align);
extern inline char *harena_strdup(harena *arena, const char *string);
extern inline char *harena_strndup(harena *arena, const char *string, size_t max_length);
extern inline char *harena_vprintf(harena *arena, const char *format, va_list arguments);
extern inline harena_mark harena_save(harena *arena);
extern inline void harena_rewind(harena *arena, harena_mark mark);
extern inline bool harena_defer(harena *arena, void (*cleanup)(void *context), void *context);
extern inline harena_ref harena_ref_to(harena *arena, const void *block);
extern inline void *harena_deref(const harena *arena, harena_ref ref);
extern inline void *harena_try_deref(const harena *arena, harena_ref ref);

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
