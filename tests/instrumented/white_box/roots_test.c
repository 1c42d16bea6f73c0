/* What of stacks is searched. Of another thread's: from the frame that has called the library up when
 * it waits there, else from its stack pointer up. Of those that AddressSanitizer keeps beside them:
 * frames that have not ended. */
#include "escape/roots.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <harena.h>

#include "escape/tools_memory.h"
#include "shadow/requests.h"

/* Where a thread waits, and the frames of its own function and of the one that waits. */
typedef struct waiting {
  sem_t arrived;
  sem_t released;
  int id;
  uintptr_t own_frame;
  uintptr_t waiting_frame;
} waiting;

static harena__roots roots; /* more than a stack may hold */

__attribute__((noinline)) static void wait_here(waiting *it) {
  it->waiting_frame = (uintptr_t)__builtin_frame_address(0);
  sem_post(&it->arrived);
  sem_wait(&it->released);
}

/* The library is in the middle of a public call, and so are its frames. */
static void *wait_for_chunk(void *context, size_t *size, size_t align) {
  wait_here(context);
  return aligned_alloc(align, *size / align * align);
}

static void free_chunk(void *context, void *chunk, size_t size) {
  (void)context;
  (void)size;
  free(chunk);
}

static void *wait_in_the_library(void *context) {
  waiting *it = context;
  harena_source source = {wait_for_chunk, free_chunk, it};
  it->id = gettid();
  it->own_frame = (uintptr_t)__builtin_frame_address(0);
  harena_close(harena_open(&(harena_options){.source = &source}));
  return NULL;
}

static void *wait_behind_the_library(void *context) {
  waiting *it = context;
  it->id = gettid();
  it->own_frame = (uintptr_t)__builtin_frame_address(0);
  harena_close(harena_open(NULL));
  wait_here(it);
  return NULL;
}

static const harena__root *stack_of(int id) {
  VALGRIND_DISABLE_ERROR_REPORTING; /* as a sweep does */
  assert_true(harena__collect_roots(&roots, NULL));
  VALGRIND_ENABLE_ERROR_REPORTING;
  for (size_t i = 0; i < roots.count; i++) {
    const harena__root *root = &roots.list[i];
    if (root->kind == HARENA__ROOT_THREAD_STACK && root->thread->id == id) {
      return root;
    }
  }
  return NULL;
}

/* A thread that has said so is about to wait. */
static harena__range searched_stack(int id) {
  const harena__root *root = NULL;
  while (!root) {
    usleep(1000);
    root = stack_of(id);
  }
  return root->range;
}

static harena__range look_at_thread(void *(*run)(void *), waiting *it) {
  pthread_t thread;
  sem_init(&it->arrived, 0, 0);
  sem_init(&it->released, 0, 0);
  assert_int_equal(pthread_create(&thread, NULL, run, it), 0);
  sem_wait(&it->arrived);
  harena__range searched = searched_stack(it->id);
  for (int i = 0; i < 64; i++) { /* however many chunks are asked for */
    sem_post(&it->released);
  }
  pthread_join(thread, NULL);
  return searched;
}

static void frames_below_a_public_call_are_left_out(void **state) {
  (void)state;
  waiting it = {.id = 0};
  harena__range searched = look_at_thread(wait_in_the_library, &it);
  assert_true(searched.start > it.waiting_frame);
  assert_true(harena__range_holds(searched, it.own_frame));
}

static void frames_after_a_public_call_are_searched(void **state) {
  (void)state;
  waiting it = {.id = 0};
  harena__range searched = look_at_thread(wait_behind_the_library, &it);
  assert_true(harena__range_holds(searched, it.waiting_frame));
  assert_true(harena__range_holds(searched, it.own_frame));
}

/* ---- AddressSanitizer's frames ---- */

__attribute__((weak)) void *__asan_get_current_fake_stack(void);

/* Both kinds of frame take 256 bytes, of which the shorter uses 160. */
enum { LONG = 20, SHORT = 12 };

static uintptr_t left; /* in the last word of the longer frame, behind the shorter's end */
static uintptr_t live; /* in the first word of the shorter one */

__attribute__((noinline)) static void leave_in_long_frame(void) {
  volatile uintptr_t words[LONG] = {0};
  left = (uintptr_t)&words[LONG - 1];
}

/* Whether this frame lies where the longer one has been. */
__attribute__((noinline)) static bool is_short_frame_there(void) {
  volatile uintptr_t words[SHORT] = {0};
  live = (uintptr_t)&words[0];
  assert_true(harena__is_programs_word(live));
  return left - live == (LONG - 1) * sizeof left;
}

static void frames_that_have_ended_are_not_searched(void **state) {
  (void)state;
  enum { MORE_THAN_THERE_ARE = 1 << 20 };
  if (!__asan_get_current_fake_stack || !__asan_get_current_fake_stack()) {
    skip();
  }
  leave_in_long_frame();
  for (int i = 0; i < MORE_THAN_THERE_ARE && !is_short_frame_there(); i++) {
  }
  assert_int_equal(left - live, (LONG - 1) * sizeof left);
  assert_false(harena__is_programs_word(live));
  assert_false(harena__is_programs_word(left));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frames_below_a_public_call_are_left_out),
      cmocka_unit_test(frames_after_a_public_call_are_searched),
      cmocka_unit_test(frames_that_have_ended_are_not_searched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
