/* The one real symbol of each function that the headers define in place: for function pointers, for
 * -O0, and for languages that cannot inline C. */
#include "hooks.h" /* first: it says where the symbols lie */

#include <harena/arena.h>

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
