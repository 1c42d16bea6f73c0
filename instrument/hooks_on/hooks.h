/* The seam, instrumented side: the same names as in hooks_off/hooks.h, as real functions but for
 * what every call does, which is in place. What each one means, when it is called and what it may
 * cost is written down in instrument/README.md. */
#ifndef HARENA_HOOKS_H
#define HARENA_HOOKS_H

#include <harena/compiler.h>

/* The real symbols of functions that the public headers define lie together, so that frames of theirs
 * are known where nothing has names (report/frames.c). Before the headers that define them. */
#undef HARENA_INLINE
#define HARENA_INLINE HARENA_API HARENA_ATTRIBUTE(section("harena_inline")) inline

#include "handles.h"
#include "layout.h"
#include "owner.h"
#include "record.h"
#include "source.h"
#include "stacks.h"
#include "why.h"

/* In place in every public function: only there do the return address and the frame lead to the
 * caller. */
#define HARENA__REMEMBER_CALLER() \
  (harena__call = (harena__caller){__builtin_return_address(0), __builtin_frame_address(0)})

static inline HARENA_ATTRIBUTE(always_inline) bool harena__entered(const harena *arena) {
  HARENA__REMEMBER_CALLER();
  return !arena || harena__handle_is_good(arena, false);
}

static inline HARENA_ATTRIBUTE(always_inline) bool harena__entered_to_close(const harena *arena) {
  HARENA__REMEMBER_CALLER();
  return harena__handle_is_good(arena, true);
}

static inline bool harena__is_open(const harena *arena) {
  return harena__handle_is_good(arena, false);
}

/* A call that changes the arena, from here to the end of the block of code. */
#define HARENA__VISIT(arena)                                                                    \
  const harena__visit harena__visiting HARENA_ATTRIBUTE(unused, cleanup(harena__visit_ended)) = \
      harena__visit_began(arena)

const harena_source *harena__home_source(const harena_source *system);
const harena_source *harena__child_source(const harena__arena *parent);

bool harena__arena_opened(harena__arena *arena);
void harena__arena_ending(harena__arena *arena, harena__end why);
void harena__arena_resumed(harena__arena *arena);
void harena__arena_ended(harena__arena *arena);
void harena__pointer_kept(const harena__arena *arena, const void *target);

char *harena__chunk_gained(harena__arena *arena, char *memory, size_t size, char *start);
void harena__chunk_leaving(harena__arena *arena, char *memory, size_t size);

size_t harena__span_of_nothing(const harena__watch *watch);
static inline size_t harena__span(const harena__arena *arena, size_t size) {
  const harena__watch *watch = harena__watch_of(arena);
  if (HARENA_LIKELY(watch && size > 0)) {
    return harena__block_span(watch, size);
  }
  return watch ? harena__span_of_nothing(watch) : harena__round_up(size);
}

void *harena__block_born(harena__arena *arena, void *block, size_t size, size_t span, size_t align);
bool harena__is_youngest(const harena__arena *arena, const void *block, size_t size,
                         bool lies_last);
harena__verdict harena__block_resizing(harena__arena *arena, void *block, size_t old_size,
                                       size_t new_size);
harena__verdict harena__block_resized(harena__arena *arena, void *block, size_t old_size,
                                      size_t new_size);
harena__verdict harena__block_retired(harena__arena *arena, void *block, size_t size,
                                      harena__end why);
void *harena__block_evicted(harena__arena *arena, size_t *size);
void harena__block_narrowed(harena__arena *arena, char *block, size_t length);
void harena__slice_opened(harena_ref slice, size_t length);
harena__verdict harena__slice_growing(const harena__arena *arena, char **start);
void harena__slice_moved(harena__arena *arena, char *address, size_t capacity);
void harena__link_opened(harena__arena *arena, void *address, size_t size);
void harena__range_opened(harena__arena *arena, char *from, char *to);
char *harena__range_retired(harena__arena *arena, char *from, char *to, harena__end why);

bool harena__reference_used(const harena__arena *arena, harena_ref ref, bool good);
void harena__refused(harena__arena *arena, harena_status why);
void harena__misused(const harena__arena *arena, harena__misuse why, const void *address);

#endif
