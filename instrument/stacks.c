#include "stacks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pages.h"
#include "present_stack.h"
#include "report/options.h"
#include "sanitize.h"
#include "shadow/requests.h"

_Thread_local harena__caller harena__call;

/* ---- Walking ---- */

_Thread_local harena__walker harena__this_walker;

/* A frame larger than this is taken for a wild pointer. */
static const uintptr_t largest_frame = (uintptr_t)1 << 20;

/* Return addresses are never in the first page. */
static const uintptr_t smallest_code = 4096;

enum { FRAME_SIZE = 2 * sizeof(uintptr_t) };

/* Bounds that no frame passes, when there are none to be had. */
static void find_stack(void) {
  pthread_attr_t attributes;
  void *lowest;
  size_t size;
  harena__this_walker.bottom = 1;
  harena__this_walker.room = 1;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
    return;
  }
  if (pthread_attr_getstack(&attributes, &lowest, &size) == 0) {
    harena__this_walker.bottom = (uintptr_t)lowest;
    harena__this_walker.room = size - FRAME_SIZE;
  }
  pthread_attr_destroy(&attributes);
}

static inline uintptr_t last_frame(void) {
  return harena__this_walker.bottom + harena__this_walker.room;
}

/* Whether `frame` can be the frame that called the one at `inner`. Code without frame pointers
 * leaves anything there, so it must lie above, near, aligned, and not beyond `last`. */
static inline bool is_frame(uintptr_t frame, uintptr_t inner, uintptr_t last) {
  return frame - inner - 1 < largest_frame && frame % sizeof(void *) == 0 && frame <= last;
}

HARENA__UNCHECKED const uintptr_t *harena__outer_frame(const uintptr_t *inner) {
  bool found = is_frame(inner[0], (uintptr_t)inner, last_frame());
  const uintptr_t *frame = found ? (const uintptr_t *)inner[0] : NULL;
  return frame && frame[1] >= smallest_code ? frame : NULL;
}

/* A stack as the walk finds it: return addresses, and how far each frame lies behind the innermost
 * one. */
typedef struct walked {
  size_t depth;
  uintptr_t frames[HARENA__MAX_FRAMES];
  uint32_t offsets[HARENA__MAX_FRAMES];
} walked;

HARENA__UNCHECKED static void walk(walked *into, size_t limit) {
  const uintptr_t *frame = harena__call.frame;
  into->frames[0] = (uintptr_t)harena__call.return_address;
  into->offsets[0] = 0;
  into->depth = 1;
  for (; harena__is_on_stack(frame) && into->depth < limit; into->depth++) {
    const uintptr_t *next = harena__outer_frame(frame);
    if (!next) {
      break;
    }
    into->frames[into->depth] = next[1];
    into->offsets[into->depth] = (uint32_t)((uintptr_t)next - (uintptr_t)harena__call.frame);
    frame = next;
  }
}

/* ---- The depot ---- */

enum { BUCKETS = 1 << 16, RECORD_WORDS = sizeof(harena__stack_record) / sizeof(uint64_t) };

/* Addresses, not memory: only what is used is touched. */
static const uint32_t depot_words = (uint32_t)1 << 23;

static _Atomic uint32_t buckets[BUCKETS];
_Atomic(uint64_t *) harena__depot;
static _Atomic uint32_t words_used = 1;
static _Atomic size_t stacks_lost;
static _Atomic size_t stacks_kept;

static uint64_t *depot_memory(void) {
  uint64_t *memory = atomic_load_explicit(&harena__depot, memory_order_acquire);
  if (HARENA_LIKELY(memory != NULL)) {
    return memory;
  }
  size_t size = depot_words * sizeof(uint64_t);
  uint64_t *fresh = harena__map_pages(size);
  if (fresh && !atomic_compare_exchange_strong(&harena__depot, &memory, fresh)) {
    harena__unmap_pages(fresh, size);
    return memory;
  }
  return fresh;
}

static uint32_t hash_of(const walked *stack) {
  uint64_t hash = stack->depth;
  for (size_t i = 0; i < stack->depth; i++) {
    hash = (hash ^ stack->frames[i]) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
  }
  return (uint32_t)(hash >> 32) ^ (uint32_t)hash;
}

static bool is_same(const harena__stack_record *record, uint32_t hash, const walked *stack) {
  bool same = record->hash == hash && record->depth == stack->depth;
  for (size_t i = 0; same && i < stack->depth; i++) {
    same = record->frames[i] == stack->frames[i];
  }
  return same;
}

static harena__stack look_up(harena__stack first, uint32_t hash, const walked *wanted) {
  for (harena__stack stack = first; stack; stack = harena__record_of_stack(stack)->next) {
    if (is_same(harena__record_of_stack(stack), hash, wanted)) {
      return stack;
    }
  }
  return 0;
}

/* The place of `bytes` more, or 0. */
static harena__stack reserve(size_t bytes) {
  uint32_t words = (uint32_t)((bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t));
  if (atomic_load_explicit(&words_used, memory_order_relaxed) + words > depot_words ||
      !depot_memory()) {
    return 0;
  }
  harena__stack stack = atomic_fetch_add(&words_used, words);
  return stack + words > depot_words ? 0 : stack;
}

static harena__stack new_record(uint32_t hash, const walked *stack) {
  size_t bytes = stack->depth * (sizeof(uintptr_t) + sizeof(uint32_t));
  harena__stack place = reserve(sizeof(harena__stack_record) + bytes);
  if (!place) {
    atomic_fetch_add(&stacks_lost, 1);
    return 0;
  }
  atomic_fetch_add_explicit(&stacks_kept, 1, memory_order_relaxed);
  harena__stack_record *record = harena__record_of_stack(place);
  record->hash = hash;
  record->depth = (uint16_t)stack->depth;
  record->is_cut = stack->depth == (size_t)harena__option()->stack_depth;
  for (size_t i = 0; i < stack->depth; i++) {
    record->frames[i] = stack->frames[i];
    harena__frame_offsets(record)[i] = stack->offsets[i];
  }
  record->reach = stack->offsets[stack->depth - 1];
  return place;
}

/* Two threads that bring the same new stack at once may keep it twice, which does no harm. */
static harena__stack add(_Atomic uint32_t *bucket, uint32_t hash, const walked *wanted) {
  harena__stack stack = new_record(hash, wanted);
  if (stack) {
    uint32_t first = atomic_load(bucket);
    do {
      harena__record_of_stack(stack)->next = first;
    } while (!atomic_compare_exchange_weak(bucket, &first, stack));
  }
  return stack;
}

static harena__stack keep(const walked *wanted) {
  uint32_t hash = hash_of(wanted);
  _Atomic uint32_t *bucket = &buckets[hash % BUCKETS];
  harena__stack first = atomic_load_explicit(bucket, memory_order_acquire);
  harena__stack stack = look_up(first, hash, wanted);
  return stack ? stack : add(bucket, hash, wanted);
}

/* ---- Capturing ---- */

/* Code without frame pointers leads to words that may never have been written, which memcheck would
 * tell of: here, and when a stack is compared with the latest. */
harena__stack harena__capture_anew(void) {
  if (harena__this_walker.room == 0) {
    find_stack();
  }
  walked found;
  VALGRIND_DISABLE_ERROR_REPORTING;
  walk(&found, (size_t)harena__option()->stack_depth);
  VALGRIND_ENABLE_ERROR_REPORTING;
  bool on_memcheck = VALGRIND_MAKE_MEM_DEFINED(&found, sizeof found) != 0;
  harena__stack stack = keep(&found);
  *harena__latest_from_here() = on_memcheck ? 0 : stack;
  return stack;
}

harena__stack harena__capture(void) { return harena__capture_in_place(); }

/* Where another thread's stack ends is not known: the system reads it, or refuses. */
static bool read_frame(uintptr_t frame, uintptr_t words[2]) {
  struct iovec to = {words, 2 * sizeof words[0]};
  struct iovec from = {(void *)frame, 2 * sizeof words[0]};
  return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)to.iov_len;
}

/* The frame that called the one at `inner`, whose words are given and replaced; 0: none. */
static uintptr_t read_outer_frame(uintptr_t inner, uintptr_t words[2]) {
  uintptr_t outer = words[0];
  bool is_likely = outer > inner && outer - inner < largest_frame && outer % sizeof(void *) == 0;
  return is_likely && read_frame(outer, words) && words[1] >= smallest_code ? outer : 0;
}

harena__stack harena__capture_of(harena__caller call) {
  walked stack = {.depth = 1, .frames = {(uintptr_t)call.return_address}};
  size_t limit = (size_t)harena__option()->stack_depth;
  uintptr_t words[2];
  uintptr_t frame = (uintptr_t)call.frame;
  frame = frame && read_frame(frame, words) ? frame : 0;
  while (stack.depth < limit && frame && (frame = read_outer_frame(frame, words))) {
    stack.frames[stack.depth++] = words[1];
  }
  return keep(&stack);
}

const uintptr_t *harena__frames(harena__stack stack, size_t *depth) {
  if (stack == 0) {
    *depth = 0;
    return NULL;
  }
  const harena__stack_record *record = harena__record_of_stack(stack);
  *depth = record->depth;
  return record->frames;
}

size_t harena__stacks_kept(void) { return atomic_load(&stacks_kept); }

size_t harena__stacks_lost(void) { return atomic_load(&stacks_lost); }
