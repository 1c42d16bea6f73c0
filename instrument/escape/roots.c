#include "escape/roots.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "escape/mappings.h"
#include "escape/stopped_threads.h"
#include "escape/tools_memory.h"
#include "pages.h"
#include "shadow/shadow.h"

/* ---- Named roots ---- */

typedef struct named_root {
  harena__range range;
  char name[HARENA__ROOT_NAME];
} named_root;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static named_root named[HARENA__MOST_NAMED_ROOTS];
static size_t named_count;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

__attribute__((constructor)) static void guard_fork(void) {
  pthread_atfork(take_lock, drop_lock, drop_lock);
}

bool harena__name_root(const void *start, size_t size, const char *name) {
  take_lock();
  bool fits = named_count < HARENA__MOST_NAMED_ROOTS;
  if (fits) {
    named_root *root = &named[named_count++];
    root->range = (harena__range){(uintptr_t)start, (uintptr_t)start + size};
    snprintf(root->name, sizeof root->name, "%s", name);
  }
  drop_lock();
  return fits;
}

bool harena__forget_root(const void *start) {
  take_lock();
  size_t place = 0;
  while (place < named_count && named[place].range.start != (uintptr_t)start) {
    place++;
  }
  bool found = place < named_count;
  if (found) {
    named[place] = named[--named_count];
  }
  drop_lock();
  return found;
}

/* ---- Collecting ---- */

enum { MOST_OWN = 8192 };

typedef struct collector {
  harena__roots *roots;
  uintptr_t frame;     /* of the caller; 0: the own stack is no root */
  uintptr_t own_stack; /* an address in it */
  uintptr_t guard_end; /* of an inaccessible mapping just before */
  size_t own_count;
  harena__range own[MOST_OWN];
} collector;

static collector it;

static void add_root(harena__root root) {
  harena__roots *roots = it.roots;
  if (root.range.start >= root.range.end) {
    return;
  }
  if (roots->count == HARENA__MOST_ROOTS) {
    roots->left_out++;
    return;
  }
  roots->list[roots->count++] = root;
}

static void add(uintptr_t start, uintptr_t end, harena__root_kind kind,
                const harena__thread *thread) {
  add_root((harena__root){{start, end}, kind, thread, NULL});
}

/* Its variables, which lie before its control block, and the block itself. */
static void add_thread_block(const harena__thread *thread, uintptr_t end) {
  uintptr_t control = thread->control;
  uintptr_t block_end = control + HARENA__CONTROL_SIZE;
  add(control - it.roots->static_tls, block_end < end ? block_end : end, HARENA__ROOT_THREAD_BLOCK,
      thread);
}

static uintptr_t stack_top(harena__range mapping, const harena__thread *thread) {
  bool here = thread && harena__range_holds(mapping, thread->control);
  return here ? thread->control - it.roots->static_tls : mapping.end;
}

static harena__thread *numbered(int id) {
  harena__threads *threads = &it.roots->threads;
  for (size_t i = 0; i < threads->count; i++) {
    if (threads->list[i].id == id) {
      return &threads->list[i];
    }
  }
  return NULL;
}

static void add_own_stack(harena__range mapping) {
  const harena__thread *self = numbered(gettid());
  if (it.frame) {
    add(it.frame, stack_top(mapping, self), HARENA__ROOT_OWN_STACK, self);
  }
  if (self && harena__range_holds(mapping, self->control)) {
    add_thread_block(self, mapping.end);
  }
}

/* Below the stack pointer all is dead. When that is not known, nothing tells live words from dead
 * ones, but Valgrind. */
static void add_stack_of(harena__range mapping, harena__thread *thread) {
  uintptr_t from = harena__on_valgrind() ? mapping.start : thread->stack;
  harena__find_caller(thread, mapping);
  if (harena__range_holds(mapping, from)) {
    add(from, stack_top(mapping, thread), HARENA__ROOT_THREAD_STACK, thread);
  }
  if (harena__range_holds(mapping, thread->control)) {
    add_thread_block(thread, mapping.end);
  }
}

/* What a thread that has ended left there is nobody's. */
static void add_stack_with(uintptr_t control, harena__range mapping) {
  harena__thread *owner = harena__owner_of_control(&it.roots->threads, control);
  if (owner) {
    add_stack_of(mapping, owner);
  }
}

/* What is left of a mapping between the tables of our own. */
static void add_memory(harena__range mapping) {
  uintptr_t from = mapping.start;
  for (size_t i = 0; i < it.own_count && it.own[i].start < mapping.end; i++) {
    if (it.own[i].end > from) {
      add(from, it.own[i].start, HARENA__ROOT_MEMORY, NULL);
      from = it.own[i].end;
    }
  }
  add(from, mapping.end, HARENA__ROOT_MEMORY, NULL);
}

static bool is_other_threads(uintptr_t control) {
  const harena__thread *main_thread = numbered(getpid());
  return control && (!main_thread || control != main_thread->control);
}

/* A thread's stack begins behind a guard. The first thread's control block lies among other memory,
 * behind whatever there is. */
static bool add_if_behind_guard(harena__range mapping) {
  uintptr_t control = harena__control_block_in(mapping);
  if (is_other_threads(control)) {
    add_stack_with(control, mapping);
    return true;
  }
  control = harena__lowest_control_block_in(mapping);
  if (!is_other_threads(control)) {
    return false;
  }
  uintptr_t end = control + HARENA__CONTROL_SIZE;
  add_stack_with(control, (harena__range){mapping.start, end});
  add_memory((harena__range){end, mapping.end});
  return true;
}

static bool add_if_stack(const harena__mapping *mapping) {
  if (strcmp(mapping->name, "[stack]") == 0) {
    harena__thread *main_thread = numbered(getpid());
    if (main_thread) {
      add_stack_of(mapping->range, main_thread);
    }
    return true;
  }
  bool behind_guard = it.guard_end == mapping->range.start && *mapping->name == '\0';
  return behind_guard && add_if_behind_guard(mapping->range);
}

/* Reading a device may have effects. */
static bool is_readable_memory(const harena__mapping *mapping) {
  return mapping->readable && mapping->writable && !mapping->shared &&
         strncmp(mapping->name, "/dev/", strlen("/dev/")) != 0;
}

static void look_at(const harena__mapping *mapping, void *context) {
  (void)context;
  if (strcmp(mapping->name, "[heap]") == 0) {
    it.roots->heap = mapping->range;
  }
  if (is_readable_memory(mapping) && !harena__is_tools_memory(mapping->range)) {
    if (harena__range_holds(mapping->range, it.own_stack)) {
      add_own_stack(mapping->range);
    } else if (!add_if_stack(mapping)) {
      add_memory(mapping->range);
    }
  }
  it.guard_end = mapping->readable || mapping->writable ? 0 : mapping->range.end;
}

static void add_named(void) {
  take_lock();
  for (size_t i = 0; i < named_count; i++) {
    add_root((harena__root){named[i].range, HARENA__ROOT_NAMED, NULL, named[i].name});
  }
  drop_lock();
}

bool harena__collect_roots(harena__roots *roots, const void *frame) {
  roots->count = 0;
  roots->left_out = 0;
  it.roots = roots;
  it.frame = (uintptr_t)frame;
  it.own_stack = (uintptr_t)__builtin_frame_address(0);
  roots->static_tls = harena__static_tls_size();
  roots->heap = (harena__range){0, 0};
  it.guard_end = 0;
  it.own_count = harena__own_pages(it.own, MOST_OWN);
  harena__list_threads(&roots->threads);
  harena__stop_threads(&roots->threads);
  bool known = harena__each_mapping(look_at, NULL);
  roots->left_out += roots->threads.left_out;
  add_named();
  return known;
}

bool harena__are_stacks_known(const harena__roots *roots) {
  for (size_t i = 0; i < roots->threads.count; i++) {
    const harena__thread *thread = &roots->threads.list[i];
    if (thread->stack == 0 && thread->id != gettid() && !harena__on_valgrind()) {
      return false;
    }
  }
  return true;
}
