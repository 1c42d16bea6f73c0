/* What of stacks is searched. Of another thread's: from its stack pointer up, though what lies below a
 * frame that has called the library is the library's. Of those that AddressSanitizer keeps beside
 * them: frames that have not ended. */
#include "escape/roots.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <harena.h>

#include "escape/tools_memory.h"
#include "pages.h"
#include "shadow/requests.h"
#include "shadow/shadow.h"

/* Where a thread waits, and the frames of its own function and of the one that waits. */
typedef struct waiting {
  sem_t arrived;
  sem_t released;
  int id;
  uintptr_t own_frame;
  uintptr_t waiting_frame;
  uintptr_t behind; /* an address in the same mapping as the stack, behind it; or 0 */
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

/* What was found out about a thread that waits. */
typedef struct search {
  harena__range stack;
  uintptr_t caller;
  bool rest_is_memory; /* what lies behind its control block in the same mapping */
} search;

static const harena__root *root_at(harena__root_kind kind, uintptr_t address) {
  for (size_t i = 0; i < roots.count; i++) {
    if (roots.list[i].kind == kind && harena__range_holds(roots.list[i].range, address)) {
      return &roots.list[i];
    }
  }
  return NULL;
}

/* The thread has said that it is about to wait; until it does, where its stack ends is not known. */
static const harena__root *stack_with(uintptr_t frame) {
  const harena__root *root = NULL;
  for (int i = 0; !root && i < 5000; i++) {
    usleep(1000);
    VALGRIND_DISABLE_ERROR_REPORTING; /* as a sweep does */
    assert_true(harena__collect_roots(&roots, NULL));
    VALGRIND_ENABLE_ERROR_REPORTING;
    root = root_at(HARENA__ROOT_THREAD_STACK, frame);
  }
  assert_non_null(root);
  return root;
}

static search look_at_thread(void *(*run)(void *), waiting *it, const pthread_attr_t *attributes) {
  pthread_t thread;
  sem_init(&it->arrived, 0, 0);
  sem_init(&it->released, 0, 0);
  assert_int_equal(pthread_create(&thread, attributes, run, it), 0);
  sem_wait(&it->arrived);
  const harena__root *root = stack_with(it->own_frame);
  search found = {root->range, root->thread->caller,
                  it->behind && root_at(HARENA__ROOT_MEMORY, it->behind)};
  assert_int_equal(root->thread->id, it->id);
  assert_true(harena__are_stacks_known(&roots));
  for (int i = 0; i < 64; i++) { /* however many chunks are asked for */
    sem_post(&it->released);
  }
  pthread_join(thread, NULL);
  return found;
}

static void frames_below_a_public_call_are_the_librarys(void **state) {
  (void)state;
  waiting it = {.id = 0};
  search found = look_at_thread(wait_in_the_library, &it, NULL);
  assert_true(harena__range_holds(found.stack, it.waiting_frame));
  assert_true(found.caller > it.waiting_frame);
  assert_true(found.caller <= it.own_frame);
}

static void frames_after_a_public_call_are_the_programs(void **state) {
  (void)state;
  waiting it = {.id = 0};
  search found = look_at_thread(wait_behind_the_library, &it, NULL);
  assert_true(harena__range_holds(found.stack, it.waiting_frame));
  assert_int_equal(found.caller, 0);
}

/* As before Linux 6.7, where a stack and other memory behind it become one mapping. */
static void a_stack_ends_with_its_control_block(void **state) {
  (void)state;
  enum { PAGE = 4096, STACK = 1 << 20, MORE = 64 * PAGE };
  char *memory = mmap(NULL, PAGE + STACK + MORE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_ptr_not_equal(memory, MAP_FAILED);
  assert_int_equal(mprotect(memory + PAGE, STACK + MORE, PROT_READ | PROT_WRITE), 0);
  memset(memory + PAGE + STACK, 1, MORE);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  assert_int_equal(pthread_attr_setstack(&attributes, memory + PAGE, STACK), 0);
  waiting it = {.behind = (uintptr_t)memory + PAGE + STACK + MORE - PAGE};
  search found = look_at_thread(wait_behind_the_library, &it, &attributes);
  assert_true(found.stack.start >= (uintptr_t)memory + PAGE);
  assert_true(found.stack.end <= (uintptr_t)memory + PAGE + STACK);
  assert_true(found.rest_is_memory);
  pthread_attr_destroy(&attributes);
  munmap(memory, PAGE + STACK + MORE);
}

static void spin(atomic_int *go_on) {
  while (atomic_load(go_on)) {
  }
}

static void *run_until_told(void *context) {
  spin(context);
  return NULL;
}

static void a_running_threads_stack_is_not_known(void **state) {
  (void)state;
  static atomic_int go_on = 1;
  pthread_t thread;
  if (harena__on_valgrind()) {
    skip();
  }
  assert_int_equal(pthread_create(&thread, NULL, run_until_told, &go_on), 0);
  bool is_known = true;
  for (int i = 0; is_known && i < 5000; i++) { /* on its way there it may wait */
    usleep(1000);
    assert_true(harena__collect_roots(&roots, NULL));
    is_known = harena__are_stacks_known(&roots);
  }
  assert_false(is_known);
  atomic_store(&go_on, 0);
  pthread_join(thread, NULL);
}

/* ---- The watcher's own memory ---- */

static bool is_own(uintptr_t address) {
  static harena__range own[8192];
  size_t count = harena__own_pages(own, sizeof own / sizeof own[0]);
  for (size_t i = 0; i < count; i++) {
    if (harena__range_holds(own[i], address)) {
      return true;
    }
  }
  return false;
}

static void what_was_trimmed_is_not_the_watchers(void **state) {
  (void)state;
  const size_t size = (size_t)2 << 20;
  for (int i = 0; i < 4; i++) { /* aligned by the system, and not */
    char *memory = harena__map_aligned_pages(size, size);
    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % size, 0);
    assert_true(is_own((uintptr_t)memory));
    assert_true(is_own((uintptr_t)memory + size - 1));
    assert_false(is_own((uintptr_t)memory + size + size / 2));
    harena__unmap_pages(memory, size);
    assert_false(is_own((uintptr_t)memory));
    assert_false(is_own((uintptr_t)memory + size - 1));
    harena__map_pages(4096 * (size_t)(i + 1));
  }
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

/* Whether this frame lies where the longer one has been. Calls nothing before: places are given out
 * in turn, and every one has to be tried. */
__attribute__((noinline)) static bool is_short_frame_there(void) {
  volatile uintptr_t words[SHORT] = {0};
  live = (uintptr_t)&words[0];
  if (left - live != (LONG - 1) * sizeof left) {
    return false;
  }
  assert_true(harena__is_programs_word(live));
  return true;
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
      cmocka_unit_test(frames_below_a_public_call_are_the_librarys),
      cmocka_unit_test(frames_after_a_public_call_are_the_programs),
      cmocka_unit_test(a_stack_ends_with_its_control_block),
      cmocka_unit_test(a_running_threads_stack_is_not_known),
      cmocka_unit_test(what_was_trimmed_is_not_the_watchers),
      cmocka_unit_test(frames_that_have_ended_are_not_searched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
