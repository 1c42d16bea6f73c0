/* The walk along frame pointers, which must survive what code without frame pointers leaves there,
 * and the depot that keeps each stack once. */
#include "stacks.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/options.h"

/* What a frame pointer points at. */
typedef struct frame {
  uintptr_t caller;
  uintptr_t return_address;
} frame;

enum { CODE = 0x100000, SMALLEST_CODE = 4096, LARGEST_FRAME = 1 << 20, STACK_SIZE = 4 << 20 };

enum { FRAMES = STACK_SIZE / sizeof(frame) };

/* The stack of the thread that a test runs in: its far end holds the frames that tests make up, in
 * order of address, as calls leave them. Behind it lies what a walk must not reach. */
static struct {
  frame frames[FRAMES];
  frame behind[2];
} stack __attribute__((aligned(4096)));

static frame *const frames = stack.frames;

static frame off_stack[2];

/* A stack of `count` return addresses: CODE, CODE + 1 and so on. */
static void link_frames(size_t count) {
  for (size_t i = 0; i < count; i++) {
    frames[i] = (frame){(uintptr_t)&frames[i + 1], CODE + i};
  }
  frames[count] = (frame){0};
}

static harena__stack capture_at(const void *innermost, uintptr_t return_address) {
  harena__call = (harena__caller){(const void *)return_address, innermost};
  return harena__capture();
}

static size_t depth_of(harena__stack captured) {
  size_t depth;
  harena__frames(captured, &depth);
  return depth;
}

static size_t depth_at(const void *innermost) { return depth_of(capture_at(innermost, CODE)); }

/* cmocka knows nothing of other threads: they note what was not so first, for the test to say. */
static const char *not_so;
static int not_so_line;

static void expect_that(bool condition, const char *text, int line) {
  if (!condition && !not_so) {
    not_so = text;
    not_so_line = line;
  }
}
#define expect(condition) expect_that(condition, #condition, __LINE__)

/* ---- The walk ---- */

static void frames_are_innermost_first(void) {
  link_frames(3);
  size_t depth;
  const uintptr_t *found = harena__frames(capture_at(frames, CODE), &depth);
  expect(depth == 3);
  for (size_t i = 0; i < depth; i++) {
    expect(found[i] == CODE + i);
  }
}

static void the_depth_is_bounded(void) {
  link_frames(100);
  expect(depth_at(frames) == (size_t)harena__option()->stack_depth);
}

static void a_wild_frame_pointer_ends_the_walk(void) {
  static const intptr_t wild[] = {0, -16, 4, 1, LARGEST_FRAME, (intptr_t)1 << 30, INTPTR_MAX};
  for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
    link_frames(3);
    frames[1].caller = (uintptr_t)&frames[1] + (uintptr_t)wild[i];
    expect(depth_at(frames) == 2);
  }
}

static void frames_may_be_as_large_as_most(void) {
  link_frames(1);
  size_t far = LARGEST_FRAME / sizeof(frame) - 1;
  frames[far] = (frame){0, CODE + 1};
  frames[0].caller = (uintptr_t)&frames[far];
  expect(depth_at(frames) == 2);
}

static void what_is_no_code_ends_the_walk(void) {
  link_frames(3);
  frames[2].return_address = SMALLEST_CODE - 1;
  expect(depth_at(frames) == 2);
  frames[2].return_address = SMALLEST_CODE;
  expect(depth_at(frames) == 3);
}

/* Up in steps as large as may be, and then to a frame that would reach past the end. */
static void the_walk_ends_with_the_stack(void) {
  const size_t step = LARGEST_FRAME / sizeof(frame) - 1;
  const size_t steps = STACK_SIZE / LARGEST_FRAME;
  frame *innermost = &frames[steps * 4];
  frame *outermost = innermost + (steps - 1) * step;
  for (frame *it = innermost; it <= outermost; it += step) {
    *it = (frame){(uintptr_t)(it + step), CODE};
  }
  outermost->caller = (uintptr_t)stack.behind - sizeof(uintptr_t);
  stack.behind[0] = (frame){CODE, CODE};
  expect(depth_at(innermost) == steps);
}

static void on_another_stack_only_the_return_address_is_known(void) {
  off_stack[0] = (frame){(uintptr_t)&off_stack[1], CODE + 1};
  expect(depth_at(off_stack) == 1);
  expect(depth_at(NULL) == 1);
}

/* ---- The depot ---- */

static void a_stack_is_kept_once(void) {
  link_frames(3);
  harena__stack first = capture_at(frames, CODE);
  expect(first != 0);
  expect(capture_at(frames, CODE) == first);
  harena__stack other = capture_at(frames, CODE + 100);
  expect(other != first);
  harena__stack shorter = capture_at(frames + 1, CODE);
  expect(shorter != first);
  expect(depth_of(shorter) == 2);
  expect(capture_at(frames, CODE) == first);
}

/* Last: nothing new can be kept afterwards. */
static void a_full_depot_loses_stacks_and_says_so(void) {
  link_frames(8);
  harena__stack kept = capture_at(frames, CODE);
  uintptr_t next = (uintptr_t)4 * CODE;
  while (harena__stacks_lost() == 0) {
    capture_at(frames, next++);
  }
  expect(capture_at(frames, next) == 0);
  expect(harena__stacks_lost() == 2);
  expect(capture_at(frames, CODE) == kept);
  expect(depth_of(kept) == 8);
}

static void none_has_no_frames(void **state) {
  (void)state;
  size_t depth = 1;
  assert_null(harena__frames(0, &depth));
  assert_int_equal(depth, 0);
}

/* ---- Each in a thread of its own, on the stack made for it ---- */

static void *run_body(void *body) {
  void (*test)(void);
  memcpy(&test, body, sizeof test);
  test();
  return NULL;
}

static void on_own_stack(void **state) {
  pthread_attr_t attributes;
  pthread_t thread;
  assert_int_equal(pthread_attr_init(&attributes), 0);
  assert_int_equal(pthread_attr_setstack(&attributes, stack.frames, sizeof stack.frames), 0);
  assert_int_equal(pthread_create(&thread, &attributes, run_body, *state), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pthread_attr_destroy(&attributes);
  if (not_so) {
    fail_msg("line %d: not so: %s", not_so_line, not_so);
  }
}

/* ---- Threads ---- */

enum { THREADS = 4, ROUNDS = 2000 };

static void *capture_many(void *wrong) {
  for (uintptr_t i = 0; i < ROUNDS; i++) {
    size_t depth;
    const uintptr_t *found = harena__frames(capture_at(NULL, (uintptr_t)2 * CODE + i), &depth);
    *(size_t *)wrong += depth != 1 || found[0] != (uintptr_t)2 * CODE + i;
  }
  return NULL;
}

static void threads_bring_the_same_stacks(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  size_t wrong[THREADS] = {0};
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, capture_many, &wrong[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(wrong[i], 0);
  }
}

int main(void) {
#define ON_OWN_STACK(body)                                      \
  {                                                             \
#body, on_own_stack, NULL, NULL, &(void (*)(void)) { body } \
  }
  const struct CMUnitTest tests[] = {
      ON_OWN_STACK(frames_are_innermost_first),
      ON_OWN_STACK(the_depth_is_bounded),
      ON_OWN_STACK(a_wild_frame_pointer_ends_the_walk),
      ON_OWN_STACK(frames_may_be_as_large_as_most),
      ON_OWN_STACK(what_is_no_code_ends_the_walk),
      ON_OWN_STACK(the_walk_ends_with_the_stack),
      ON_OWN_STACK(on_another_stack_only_the_return_address_is_known),
      ON_OWN_STACK(a_stack_is_kept_once),
      cmocka_unit_test(none_has_no_frames),
      cmocka_unit_test(threads_bring_the_same_stacks),
      ON_OWN_STACK(a_full_depot_loses_stacks_and_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
