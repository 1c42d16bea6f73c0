/* The arena's interface on malloc, for comparison: what do the tools find when the same programs
 * give every block to the heap? A block is a malloc, a clear frees each of them, in order. It is
 * what a program without arenas would do, no more: sizes and owners are not checked, a reference is
 * its address, and a fixed arena's blocks lie in the heap as well. */
#include <errno.h>
#include <harena.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct cleanup {
  void (*run)(void *context);
  void *context;
  size_t blocks; /* when it was registered */
  struct cleanup *older;
} cleanup;

typedef struct region {
  harena head; /* its window stays closed */
  void **blocks;
  size_t count;
  size_t capacity;
  cleanup *cleanups;
  struct region *parent;
  struct region *child;
  struct region *sibling;
  unsigned flags;
  char name[64];
} region;

static region *region_of(const harena *arena) { return (region *)(uintptr_t)arena; }

static void *or_die(void *memory) {
  if (!memory) {
    perror("malloc");
    exit(3);
  }
  return memory;
}

/* ---- Opening, clearing, closing ---- */

harena *harena_open_sized(const harena_options *options, size_t options_size) {
  (void)options_size;
  region *it = or_die(calloc(1, sizeof *it));
  it->head.epoch = HARENA_CLOSED_EPOCH;
  snprintf(it->name, sizeof it->name, "%s", options && options->name ? options->name : "unnamed");
  it->flags = options ? options->flags : 0;
  if (options && options->parent) {
    it->parent = region_of(options->parent);
    it->sibling = it->parent->child;
    it->parent->child = it;
  }
  return &it->head;
}

harena *harena_open_in_sized(void *buffer, size_t size, const harena_options *options,
                             size_t options_size) {
  (void)buffer;
  (void)size;
  return harena_open_sized(options, options_size);
}

static void end_since(region *it, size_t count) {
  while (it->cleanups && it->cleanups->blocks >= count) {
    cleanup *newest = it->cleanups;
    it->cleanups = newest->older;
    newest->run(newest->context);
    free(newest);
  }
  while (it->count > count) {
    free(it->blocks[--it->count]);
  }
}

static void close_children(region *it) {
  while (it->child) {
    harena__close(&it->child->head);
  }
}

void harena__clear(harena *arena) {
  region *it = region_of(arena);
  while ((it->flags & HARENA_CLEAR_PARENT) && it->parent) {
    it = it->parent;
    for (region *child = it->child; child; child = child->sibling) {
      end_since(child, 0);
    }
  }
  if (it == region_of(arena)) {
    close_children(it);
  }
  end_since(it, 0);
}

static void leave_parent(region *it) {
  region **link = &it->parent->child;
  while (*link != it) {
    link = &(*link)->sibling;
  }
  *link = it->sibling;
}

void harena__close(harena *arena) {
  if (!arena) {
    return;
  }
  region *it = region_of(arena);
  close_children(it);
  end_since(it, 0);
  if (it->parent) {
    leave_parent(it);
  }
  free(it->blocks);
  free(it);
}

void harena__trim(harena *arena) { (void)arena; }

bool harena__set_limit(harena *arena, size_t limit) {
  (void)arena;
  (void)limit;
  return true;
}

/* ---- Blocks ---- */

static void *keep(region *it, void *block) {
  if (it->count == it->capacity) {
    it->capacity = it->capacity ? it->capacity * 2 : 16;
    it->blocks = or_die(realloc(it->blocks, it->capacity * sizeof *it->blocks));
  }
  it->blocks[it->count++] = or_die(block);
  return block;
}

/* Of a live block; NULL when there is none, which the caller then leaves to the heap. */
static void **place_of(region *it, const void *block) {
  for (size_t i = it->count; i-- > 0;) {
    if (it->blocks[i] == block) {
      return &it->blocks[i];
    }
  }
  return NULL;
}

void *harena__alloc(harena *arena, size_t size, size_t align) {
  size_t least = size ? size : 1;
  bool plain = align <= _Alignof(max_align_t);
  void *block = plain ? malloc(least) : aligned_alloc(align, (least + align - 1) / align * align);
  return keep(region_of(arena), block);
}

void *harena__alloc_zeroed(harena *arena, size_t size, size_t align) {
  return align <= _Alignof(max_align_t) ? keep(region_of(arena), calloc(1, size ? size : 1))
                                        : memset(harena__alloc(arena, size, align), 0, size);
}

void *harena__alloc_between(harena *arena, size_t min_size, size_t preferred_size, size_t align,
                            size_t *size) {
  *size = min_size > 4096 || preferred_size < 4096 ? min_size : 4096;
  return harena__alloc(arena, *size, align);
}

void *harena__realloc(harena *arena, void *block, size_t old_size, size_t new_size, size_t align) {
  (void)old_size;
  if (!block) {
    return harena__alloc(arena, new_size, align);
  }
  void **place = place_of(region_of(arena), block);
  void *moved = or_die(realloc(block, new_size ? new_size : 1));
  if (place) {
    *place = moved;
  }
  return moved;
}

void harena__free(harena *arena, void *block, size_t size) {
  (void)size;
  void **place = place_of(region_of(arena), block);
  if (place) {
    *place = NULL;
  }
  free(block);
}

void *harena__dup(harena *arena, const void *source, size_t size, size_t align) {
  return memcpy(harena__alloc(arena, size, align), source, size);
}

char *harena__strdup(harena *arena, const char *string) {
  return keep(region_of(arena), strdup(string));
}

char *harena__strndup(harena *arena, const char *string, size_t max_length) {
  return keep(region_of(arena), strndup(string, max_length));
}

char *harena__vprintf(harena *arena, const char *format, va_list arguments) {
  char *string = NULL;
  return vasprintf(&string, format, arguments) < 0 ? NULL : keep(region_of(arena), string);
}

char *harena_printf(harena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *string = harena__vprintf(arena, format, arguments);
  va_end(arguments);
  return string;
}

/* ---- Marks, cleanups ---- */

harena_mark harena__save(harena *arena) { return (harena_mark){arena, region_of(arena)->count}; }

void harena__rewind(harena *arena, harena_mark mark) { end_since(region_of(arena), mark.stamp); }

harena_scope harena_scope_enter(harena *arena) {
  return (harena_scope){.arena = arena, .mark = harena__save(arena), .entered = true};
}

void harena_scope_leave(harena_scope *scope) { harena__rewind(scope->arena, scope->mark); }

bool harena__defer(harena *arena, void (*run)(void *context), void *context) {
  region *it = region_of(arena);
  cleanup *newest = or_die(malloc(sizeof *newest));
  *newest = (cleanup){run, context, it->count, it->cleanups};
  it->cleanups = newest;
  return true;
}

/* ---- References, questions ---- */

harena_ref harena__ref_to(harena *arena, const void *block) {
  (void)arena;
  return (harena_ref){(void *)(uintptr_t)block, block ? 1 : 0};
}

void *harena__deref(const harena *arena, harena_ref ref) {
  (void)arena;
  return ref.address;
}

void *harena__try_deref(const harena *arena, harena_ref ref) {
  (void)arena;
  return ref.address;
}

harena_metrics harena_measure(const harena *arena) {
  return (harena_metrics){.allocations = region_of(arena)->count};
}

harena_status harena_last_status(const harena *arena) {
  (void)arena;
  return HARENA_OK;
}

const char *harena_status_string(harena_status status) { return status ? "failed" : "ok"; }

const char *harena_name(const harena *arena) { return region_of(arena)->name; }

const char *harena_version(void) { return "0.0.0"; }

harena_panic_handler *harena_set_panic_handler(harena_panic_handler *handler) {
  (void)handler;
  return NULL;
}
