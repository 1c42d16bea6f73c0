/* Whether the present stack is one that the thread came with a moment ago. Part of stacks.c; in
 * place, because each allocation asks. */
#ifndef HARENA_INSTRUMENT_PRESENT_STACK_H
#define HARENA_INSTRUMENT_PRESENT_STACK_H

#include <stdatomic.h>
#include <stdbool.h>

#include "sanitize.h"
#include "stacks.h"

/* A stack in the depot. Its number is its place, counted in words. */
typedef struct harena__stack_record {
  uint32_t hash;
  uint32_t next; /* of the same bucket */
  uint16_t depth;
  bool is_cut;        /* there may be more, but `stack_depth` were found */
  uint32_t reach;     /* from the innermost frame to the outermost */
  uintptr_t frames[]; /* and behind them their offsets, as they were when the stack first came */
} harena__stack_record;

extern _Atomic(uint64_t *) harena__depot;

static inline harena__stack_record *harena__record_of_stack(harena__stack stack) {
  uint64_t *depot = atomic_load_explicit(&harena__depot, memory_order_acquire);
  return (harena__stack_record *)(void *)(depot + stack);
}

/* How far each frame lies behind the innermost one. */
static inline uint32_t *harena__frame_offsets(harena__stack_record *record) {
  return (uint32_t *)(void *)&record->frames[record->depth];
}

/* Most stacks are as deep as `stack_depth` is unless it was set: for that depth the compiler can do
 * without a loop. */
enum { HARENA__RECENT_STACKS = 16, HARENA__USUAL_DEPTH = 8 };

/* What a thread knows: where the frames of its stack may lie, and which stacks it came with last,
 * by their innermost return address. */
typedef struct harena__walker {
  uintptr_t bottom;
  uintptr_t room; /* from there to the highest place of a frame; 0 until asked for */
  harena__stack recent[HARENA__RECENT_STACKS];
} harena__walker;
extern _Thread_local harena__walker harena__this_walker HARENA_ATTRIBUTE(tls_model("initial-exec"));

/* Signals and coroutines run on other stacks, whose ends are not known: there only the return
 * address is kept. */
static inline HARENA_ATTRIBUTE(always_inline) bool harena__is_on_stack(const void *frame) {
  return (uintptr_t)frame - harena__this_walker.bottom <= harena__this_walker.room;
}

/* The frame that called the one at `inner`, or NULL. */
const uintptr_t *harena__outer_frame(const uintptr_t *inner);

/* Every frame is looked at, but one that lies where it was expected needs none of the tests of a
 * walk: comparing takes a third of walking and hashing. */
HARENA__UNCHECKED_INLINE const uintptr_t *harena__outermost_if_same(harena__stack_record *record,
                                                                    const uintptr_t *innermost,
                                                                    size_t depth) {
  const uint32_t *offsets = (const void *)&record->frames[depth];
  const uintptr_t *frame = innermost;
#pragma GCC unroll 8
  for (size_t i = 1; i < depth; i++) {
    const uintptr_t *expected = (const void *)((const char *)innermost + offsets[i]);
    if (frame[0] != (uintptr_t)expected || expected[1] != record->frames[i]) {
      return NULL;
    }
    frame = expected;
  }
  return frame;
}

/* Whether the frames of the present stack are where those of `record` were, with the same return
 * addresses. */
HARENA__UNCHECKED_INLINE bool harena__is_present(harena__stack_record *record) {
  const uintptr_t *innermost = harena__call.frame;
  uintptr_t room = harena__this_walker.room;
  uintptr_t height = (uintptr_t)innermost - harena__this_walker.bottom;
  if (record->frames[0] != (uintptr_t)harena__call.return_address || height > room ||
      record->reach > room - height) {
    return false;
  }
  const uintptr_t *outermost =
      HARENA_LIKELY(record->depth == HARENA__USUAL_DEPTH)
          ? harena__outermost_if_same(record, innermost, HARENA__USUAL_DEPTH)
          : harena__outermost_if_same(record, innermost, record->depth);
  return outermost && (record->is_cut || !harena__outer_frame(outermost));
}

static inline harena__stack *harena__latest_from_here(void) {
  uintptr_t key = (uintptr_t)harena__call.return_address;
  return &harena__this_walker.recent[(key ^ key >> 4) % HARENA__RECENT_STACKS];
}

/* The rest of harena__capture(). */
harena__stack harena__capture_anew(void) HARENA_ATTRIBUTE(cold);

HARENA__UNCHECKED_INLINE harena__stack harena__capture_in_place(void) {
  harena__stack known = *harena__latest_from_here();
  return HARENA_LIKELY(known && harena__is_present(harena__record_of_stack(known)))
             ? known
             : harena__capture_anew();
}

#endif
