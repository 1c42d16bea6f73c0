/* The seam, release side: every hook is empty and gives the neutral answer, so the compiler leaves
 * nothing of it. instrument/README.md says what each one means; hooks_on/hooks.h has the same names
 * as real functions. */
#ifndef HARENA_HOOKS_H
#define HARENA_HOOKS_H

#include "record.h"
#include "source.h"
#include "why.h"

static inline bool harena__entered(const harena *arena) {
  (void)arena;
  return true;
}

static inline bool harena__entered_to_close(const harena *arena) {
  (void)arena;
  return true;
}

static inline bool harena__is_open(const harena *arena) {
  (void)arena;
  return true;
}

/* The end of the enclosing block would be a call on the other side, so this one is a macro. */
#define HARENA__VISIT(arena) ((void)(arena))

static inline const harena_source *harena__home_source(const harena_source *system) {
  return system;
}

static inline const harena_source *harena__child_source(const harena__arena *parent) {
  (void)parent;
  return NULL;
}

static inline bool harena__arena_opened(harena__arena *arena) {
  (void)arena;
  return false;
}

static inline void harena__arena_ending(harena__arena *arena, harena__end why) {
  (void)arena;
  (void)why;
}

static inline void harena__arena_resumed(harena__arena *arena) { (void)arena; }

static inline void harena__arena_ended(harena__arena *arena) { (void)arena; }

static inline void harena__pointer_kept(const harena__arena *arena, const void *target) {
  (void)arena;
  (void)target;
}

static inline char *harena__chunk_gained(harena__arena *arena, char *memory, size_t size,
                                         char *start) {
  (void)arena;
  (void)memory;
  (void)size;
  return start;
}

static inline void harena__chunk_leaving(harena__arena *arena, char *memory, size_t size) {
  (void)arena;
  (void)memory;
  (void)size;
}

static inline size_t harena__span(const harena__arena *arena, size_t size) {
  (void)arena;
  return harena__round_up(size);
}

static inline void *harena__block_born(harena__arena *arena, void *block, size_t size, size_t span,
                                       size_t align) {
  (void)arena;
  (void)size;
  (void)span;
  (void)align;
  return block;
}

static inline bool harena__is_youngest(const harena__arena *arena, const void *block, size_t size,
                                       bool lies_last) {
  (void)arena;
  (void)block;
  (void)size;
  return lies_last;
}

static inline harena__verdict harena__block_resizing(harena__arena *arena, void *block,
                                                     size_t old_size, size_t new_size) {
  (void)arena;
  (void)block;
  (void)old_size;
  (void)new_size;
  return HARENA__REUSE;
}

static inline harena__verdict harena__block_resized(harena__arena *arena, void *block,
                                                    size_t old_size, size_t new_size) {
  (void)arena;
  (void)block;
  (void)old_size;
  (void)new_size;
  return HARENA__REUSE;
}

static inline harena__verdict harena__block_retired(harena__arena *arena, void *block, size_t size,
                                                    harena__end why) {
  (void)arena;
  (void)block;
  (void)size;
  (void)why;
  return HARENA__REUSE;
}

static inline void *harena__block_evicted(harena__arena *arena, size_t *size) {
  (void)arena;
  (void)size;
  return NULL;
}

static inline void harena__block_narrowed(harena__arena *arena, char *block, size_t length) {
  (void)arena;
  (void)block;
  (void)length;
}

static inline void harena__slice_opened(harena_ref slice, size_t length) {
  (void)slice;
  (void)length;
}

/* In granules of 8 a slice may be taken for the end of a block that begins where it begins. */
static inline harena__verdict harena__slice_growing(const harena__arena *arena, char **start) {
  (void)arena;
  *start -= (uintptr_t)*start % HARENA__GRANULE;
  return HARENA__REUSE;
}

static inline void harena__slice_moved(harena__arena *arena, char *address, size_t capacity) {
  (void)arena;
  (void)address;
  (void)capacity;
}

static inline void harena__link_opened(harena__arena *arena, void *address, size_t size) {
  (void)arena;
  (void)address;
  (void)size;
}

static inline void harena__range_opened(harena__arena *arena, char *from, char *to) {
  (void)arena;
  (void)from;
  (void)to;
}

static inline char *harena__range_retired(harena__arena *arena, char *from, char *to,
                                          harena__end why) {
  (void)arena;
  (void)to;
  (void)why;
  return from;
}

static inline bool harena__reference_used(const harena__arena *arena, harena_ref ref, bool good) {
  (void)arena;
  (void)ref;
  return good;
}

static inline void harena__refused(harena__arena *arena, harena_status why) {
  (void)arena;
  (void)why;
}

static inline void harena__misused(const harena__arena *arena, harena__misuse why,
                                   const void *address) {
  (void)arena;
  (void)why;
  (void)address;
}

#endif
