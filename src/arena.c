#include <errno.h>
#include <string.h>

#include "chunk.h"
#include "cleanup.h"
#include "failure.h"
#include "family.h"
#include "hooks.h"
#include "lifetime.h"
#include "mark.h"
#include "recycle.h"
#include "window.h"

enum {
  FIRST_CHUNK = 4096,
  FIRST_ALIGN = 16,
  ALL_FLAGS = HARENA_ZERO_ON_CLEAR | HARENA_CLEAR_PARENT | HARENA_COUNT | HARENA_RECYCLE |
              HARENA_ABORT_ON_FAILURE | HARENA_HUGE_PAGES
};

/* ---- Opening ---- */

/* The options as this library knows them: members that the caller's header did not have are 0. */
static harena_options read_options(const harena_options *options, size_t size) {
  harena_options known = {0};
  if (options) {
    memcpy(&known, options, harena__min(size, sizeof known));
  }
  return known;
}

static bool are_valid(const harena_options *options) {
  bool fits = options->limit == 0 || options->initial_capacity <= options->limit;
  bool one_origin = !options->parent || !options->source;
  bool parent_ready = !options->parent ||
                      (harena__is_open(options->parent) && !harena__record(options->parent)->busy);
  return (options->flags & ~(unsigned)ALL_FLAGS) == 0 && fits && one_origin && parent_ready;
}

/* Nothing is open yet that could keep a status. */
static harena *refuse(const harena_options *options, harena_status status) {
  if (options->flags & HARENA_ABORT_ON_FAILURE) {
    harena__panic("harena: %s: opening arena \"%s\"", harena_status_string(status),
                  options->name ? options->name : "unnamed");
  }
  harena__set_errno(status);
  return NULL;
}

static void copy_name(harena__arena *arena, const char *name) {
  size_t length = strnlen(name, sizeof arena->name - 1);
  memcpy(arena->name, name, length);
  arena->name[length] = '\0';
}

static harena_source choose_source(const harena_options *options) {
  if (options->source) {
    return *options->source;
  }
  const harena_source *system =
      options->flags & HARENA_HUGE_PAGES ? &harena__huge_page_source : &harena__system_source;
  return *harena__home_source(system);
}

/* What lies behind is filled in when it is first used. */
static void set_up(harena__arena *arena, const harena_options *options) {
  memset(arena, 0, offsetof(harena__arena, first));
  copy_name(arena, options->name ? options->name : "unnamed");
  arena->limit = options->limit ? harena__round_down(options->limit) : SIZE_MAX;
  arena->retain_limit = options->retain_limit;
  arena->parent = options->parent ? harena__record(options->parent) : NULL;
  arena->flags = options->flags;
  arena->closed = options->flags & HARENA_COUNT ? HARENA__COUNTED : 0;
}

/* The first chunk begins behind the record, which is its header. */
static harena *start(harena__arena *arena, char *memory, size_t size) {
  harena__describe_chunk(&arena->first, memory, size, HARENA_OVERHEAD);
  arena->reserved = size;
  arena->current = &arena->first;
  arena->top = &arena->first;
  harena__move_cursor(arena, arena->first.start);
  arena->head.zeroed = arena->head.cursor;
  harena__open_window(arena);
  return &arena->head;
}

/* Tells the watcher, which may close the window and move the first block away from the record. */
static void announce(harena__arena *arena) {
  harena__chunk *first = &arena->first;
  if (harena__arena_opened(arena)) {
    arena->closed |= HARENA__WATCHED;
  }
  first->start = harena__chunk_gained(arena, first->memory, first->size, first->start);
  harena__move_cursor(arena, first->start);
  arena->head.zeroed = arena->head.cursor;
  harena__start_generation(arena);
  harena__open_window(arena);
}

static char *acquire_first(const harena_options *options, const harena_source *source, size_t *size,
                           harena_status *status) {
  if (options->parent) {
    return harena__take_from_parent(harena__record(options->parent), *size, status);
  }
  return harena__acquire_from(source, size, status);
}

/* What clear must be able to give back lies in a chunk of its own, because the first one stays. */
static bool is_apart(const harena_options *options) {
  return options->retain_limit != 0 && options->retain_limit < options->initial_capacity;
}

static size_t first_size(const harena_options *options) {
  if (options->initial_capacity == 0 || is_apart(options)) {
    return FIRST_CHUNK;
  }
  return HARENA_OVERHEAD +
         ((options->initial_capacity + FIRST_ALIGN - 1) & ~(size_t)(FIRST_ALIGN - 1));
}

static bool reserve_apart(harena__arena *arena, size_t capacity, harena_status *status) {
  harena__chunk *chunk = harena__find_chunk(arena, capacity, status);
  if (chunk) {
    harena__keep_chunk(arena, chunk);
  }
  return chunk != NULL;
}

static harena *open_arena(const harena_options *options) {
  harena_status status;
  if (options->initial_capacity > HARENA__MAX_SIZE / 2) {
    return refuse(options, HARENA_NO_MEMORY);
  }
  harena_source source = choose_source(options);
  size_t size = first_size(options);
  char *memory = acquire_first(options, &source, &size, &status);
  if (!memory && options->initial_capacity == 0) {
    size = HARENA_OVERHEAD;
    memory = acquire_first(options, &source, &size, &status);
  }
  if (!memory) {
    return refuse(options, status);
  }
  harena__arena *arena = (harena__arena *)(void *)memory;
  set_up(arena, options);
  arena->source = source;
  arena->chunks_acquired = 1;
  start(arena, memory, size);
  if (arena->parent) {
    harena__join_parent(arena);
  }
  announce(arena);
  if (is_apart(options) && !reserve_apart(arena, options->initial_capacity, &status)) {
    harena__end_arena(arena);
    return refuse(options, status);
  }
  return &arena->head;
}

harena *harena_open_sized(const harena_options *options, size_t options_size) {
  if (!harena__entered(NULL)) {
    return NULL;
  }
  harena_options known = read_options(options, options_size);
  return are_valid(&known) ? open_arena(&known) : refuse(&known, HARENA_INVALID);
}

/* A fixed arena has no source; its buffer is its only chunk. */
static harena *open_fixed(char *memory, size_t size, const harena_options *options) {
  harena__arena *arena = (harena__arena *)(void *)memory;
  set_up(arena, options);
  arena->buffer_size = size;
  start(arena, memory, size);
  announce(arena);
  return &arena->head;
}

harena *harena_open_in_sized(void *buffer, size_t size, const harena_options *options,
                             size_t options_size) {
  if (!harena__entered(NULL)) {
    return NULL;
  }
  harena_options known = read_options(options, options_size);
  size_t padding = harena__padding(buffer, FIRST_ALIGN);
  if (!buffer || size < padding || size - padding < HARENA_OVERHEAD || known.parent ||
      known.source || !are_valid(&known)) {
    return refuse(&known, HARENA_INVALID);
  }
  if (known.initial_capacity > size - padding - HARENA_OVERHEAD) {
    return refuse(&known, HARENA_NO_MEMORY);
  }
  return open_fixed((char *)buffer + padding, size - padding, &known);
}

/* ---- Clearing ---- */

static void start_anew(harena__arena *arena) {
  arena->settled = 0;
  arena->data = 0;
  arena->clears++;
  arena->status = HARENA_OK;
  harena__start_generation(arena);
}

static void reset(harena__arena *arena) {
  harena__run_cleanups(arena, NULL);
  harena__settle(arena);
  if (arena->flags & HARENA_RECYCLE) {
    harena__forget_recycled(arena);
  }
  harena__empty(arena, HARENA__CLEARED);
  if (arena->children_opened != 0 && !arena->youngest_child) {
    harena__uncarve(arena);
  }
  start_anew(arena);
  if (arena->retain_limit) {
    harena__shrink_to(arena, arena->retain_limit);
  }
  harena__coalesce(arena);
  harena__open_window(arena);
  harena__arena_resumed(arena);
}

/* Clears children in place, youngest first, so that their handles stay good. */
static void clear_family(harena__arena *arena) {
  harena__arena_ending(arena, HARENA__CLEARED);
  for (harena__arena *child = arena->youngest_child; child; child = child->older_sibling) {
    clear_family(child);
  }
  reset(arena);
}

static harena__arena *delegate_of(harena__arena *arena) {
  while ((arena->flags & HARENA_CLEAR_PARENT) && arena->parent) {
    arena = arena->parent;
  }
  return arena;
}

/* Nothing but blocks has to end. */
static bool is_plain(const harena__arena *arena) {
  unsigned harmless = HARENA_HUGE_PAGES | HARENA_ABORT_ON_FAILURE;
  return (arena->flags & ~harmless) == 0 && arena->closed == 0 && arena->retain_limit == 0 &&
         !arena->newest_mark && !arena->newest_cleanup && arena->children_opened == 0;
}

static bool clear_at_once(harena__arena *arena) {
  if (!is_plain(arena)) {
    return false;
  }
  harena__settle(arena);
  if (!harena__empty_at_once(arena)) {
    return false;
  }
  start_anew(arena);
  harena__open_window(arena);
  return true;
}

void harena__clear(harena *handle) {
  if (!harena__entered(handle)) {
    return;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  if (HARENA_LIKELY(clear_at_once(arena))) {
    return;
  }
  harena__arena *delegate = delegate_of(arena);
  if (arena->busy || delegate->busy) {
    harena__misuse_panic(arena, HARENA__BUSY_ARENA, arena);
  }
  if (delegate != arena) {
    clear_family(delegate);
    return;
  }
  harena__arena_ending(arena, HARENA__CLEARED);
  harena__close_children_after(arena, 0);
  reset(arena);
}

/* ---- Closing ---- */

/* The record lies in the first chunk: what is needed after it is gone is copied out. */
static void release_first(harena__arena *arena) {
  harena__arena *parent = arena->parent;
  harena_source source = arena->source;
  char *memory = arena->first.memory;
  size_t size = arena->first.size;
  bool fixed = harena__is_fixed(arena);
  harena__arena_ended(arena);
  if (parent) {
    harena__return_to_parent(parent, memory, size);
  } else if (!fixed) {
    source.release(source.context, memory, size);
  }
}

void harena__end_arena(harena__arena *arena) {
  harena__arena_ending(arena, HARENA__CLOSED);
  harena__close_children_after(arena, 0);
  harena__run_cleanups(arena, NULL);
  harena__settle(arena);
  harena__empty(arena, HARENA__CLOSED);
  harena__uncarve(arena);
  harena__shrink_to(arena, 0);
  if (arena->parent) {
    harena__leave_parent(arena);
  }
  release_first(arena);
}

void harena__close(harena *handle) {
  if (!handle || !harena__entered_to_close(handle)) {
    return;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  if (arena->busy) {
    harena__misuse_panic(arena, HARENA__BUSY_ARENA, arena);
  }
  harena__end_arena(arena);
}

/* ---- Adjusting ---- */

void harena__trim(harena *handle) {
  if (!harena__entered(handle)) {
    return;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  harena__settle(arena);
  harena__leave_empty_chunks(arena);
  harena__shrink_to(arena, 0);
  harena__open_window(arena);
}

bool harena__set_limit(harena *handle, size_t limit) {
  if (!harena__entered(handle)) {
    return false;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  size_t wanted = limit ? harena__round_down(limit) : SIZE_MAX;
  if (wanted < harena__used(arena)) {
    harena__fail(arena, HARENA_INVALID, limit);
    return false;
  }
  arena->limit = wanted;
  harena__open_window(arena);
  return true;
}
