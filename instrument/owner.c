#include "owner.h"

#include <time.h>

#include "handles.h"
#include "hooks.h"
#include "report/options.h"
#include "report/policy.h"

_Thread_local uint32_t harena__thread_number;

static uint32_t this_thread(void) {
  static _Atomic uint32_t threads;
  if (harena__thread_number == 0) {
    harena__thread_number = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) + 1;
  }
  return harena__thread_number;
}

/* ---- Owners ---- */

void harena__owner_opened(harena__watch *watch, harena__watch *parent) {
  watch->family = parent ? parent->family : watch;
  watch->visited = harena__option()->threads == HARENA__THREADS_OFF ? NULL : watch->family;
  if (!parent && harena__option()->threads == HARENA__THREADS_OWNER) {
    watch->taken = watch->opened;
    atomic_store_explicit(&watch->owner, this_thread(), memory_order_relaxed);
  }
}

static void take_over(harena__watch *family) {
  bool strict = harena__option()->threads == HARENA__THREADS_OWNER;
  family->taken = harena__capture();
  atomic_store_explicit(&family->owner, strict ? this_thread() : HARENA__ANYBODY,
                        memory_order_relaxed);
}

/* Whoever was caught owns it from then on, so that each change of hands is told once. */
static void report_stranger(const harena__watch *watch, harena__watch *family) {
  harena__finding finding = {.class = HARENA__WRONG_THREAD,
                             .what = "a call by a thread that was not given the arena",
                             .arena = watch,
                             .found = harena__capture(),
                             .other = family->taken,
                             .other_what = "the thread that owns it took it here"};
  take_over(family);
  harena__find(&finding);
}

/* What was done before the arena was given up is visible from here on. */
void harena__meet_owner(harena__watch *watch) {
  harena__watch *family = watch->family;
  uint32_t owner = atomic_load_explicit(&family->owner, memory_order_acquire);
  if (owner == HARENA__NOBODY) {
    take_over(family);
  } else if (owner != this_thread()) {
    report_stranger(watch, family);
  }
}

void harena__give_up(harena__watch *watch) {
  atomic_store_explicit(&watch->family->owner, HARENA__NOBODY, memory_order_release);
}

/* ---- Calls that overlap ---- */

static void report_overlap(const harena__watch *watch, harena__stack found, harena__stack other) {
  harena__finding finding = {.class = HARENA__CONCURRENT_USE,
                             .what = "two threads were in calls on one arena at the same time",
                             .arena = watch,
                             .found = found,
                             .other = other,
                             .other_what = "the other call was made here"};
  harena__find(&finding);
}

/* Once for a family: what follows from the first is no news. */
static bool is_first_report(harena__watch *family) {
  return !atomic_exchange(&family->overlap_told, true);
}

static harena__caller latest_call(const harena__watch *family) {
  return (harena__caller){atomic_load_explicit(&family->visit_place, memory_order_relaxed),
                          atomic_load_explicit(&family->visit_frame, memory_order_relaxed)};
}

/* The stack of the call that was disturbed, from its own thread, at its end. It may not come there,
 * when it waits for something, perhaps for us; then its stack stands still and can be read. */
static harena__stack stack_of_disturbed(harena__watch *family, harena__caller call) {
  static const struct timespec pause = {.tv_nsec = 1000000};
  enum { PAUSES = 200 };
  for (int i = 0; i < PAUSES; i++) {
    harena__stack stack = atomic_load(&family->disturbed);
    if (stack) {
      return stack;
    }
    nanosleep(&pause, NULL);
  }
  return harena__capture_of(call);
}

static harena__visit begin_beside_another(const harena__watch *watch) {
  harena__watch *family = watch->family;
  harena__caller other = latest_call(family);
  harena__visit visit = harena__enter_family(family, this_thread());
  harena__stack found = harena__capture();
  if (is_first_report(family)) {
    atomic_store(&family->disturber_waits, true);
    report_overlap(watch, found, stack_of_disturbed(family, other));
  }
  return visit;
}

harena__visit harena__visit_began_oddly(const harena__watch *watch) {
  uint32_t visitor = atomic_load_explicit(&watch->family->visitor, memory_order_relaxed);
  if (visitor == 0) {
    return harena__enter_family(watch->family, this_thread());
  }
  return visitor == this_thread() ? (harena__visit){0} : begin_beside_another(watch);
}

/* Somebody was there. He waits for the stack, or has gone without seeing anything: then his place
 * is all that is left of him. */
void harena__visit_was_disturbed(harena__visit visit) {
  harena__watch *family = visit.family;
  harena__call = visit.caller;
  harena__stack stack = harena__capture();
  atomic_store(&family->disturbed, stack);
  if (!atomic_load(&family->disturber_waits) && is_first_report(family)) {
    harena__caller other = {latest_call(family).return_address, NULL};
    report_overlap(family, stack, harena__capture_of(other));
  }
}

void harena__visit_abandoned(const harena__arena *arena) {
  const harena__watch *watch = harena__watch_of(arena);
  harena__watch *family = watch ? watch->family : NULL;
  if (family && atomic_load_explicit(&family->visitor, memory_order_relaxed) == this_thread()) {
    atomic_store_explicit(&family->visitor, 0, memory_order_relaxed);
  }
}
