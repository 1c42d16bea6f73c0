#include "owner.h"

#include <time.h>

#include "handles.h"
#include "hooks.h"
#include "report/options.h"
#include "report/policy.h"

/* Threads by number, because the addresses of thread-local variables are used again. */
static _Thread_local uint32_t own_number HARENA_ATTRIBUTE(tls_model("initial-exec"));

HARENA_ATTRIBUTE(noinline, cold) static uint32_t take_number(void) {
  static _Atomic uint32_t threads;
  own_number = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) + 1;
  return own_number;
}

static uint32_t this_thread(void) { return HARENA_LIKELY(own_number) ? own_number : take_number(); }

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

/* A visit is two plain stores: the thread's number at the beginning, 0 at the end. Whoever finds
 * another's number, at the beginning or at the end, was not alone. Finding none at the end says
 * nothing: a cleanup's refused call may have ended in a panic that was handled.
 *
 * An atomic exchange would see a little more and cost as much as all the rest of an allocation, and
 * stronger orders would hide races from ThreadSanitizer. */

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

static harena__visit begin(harena__watch *family, uint32_t visitor) {
  harena__visit visit = {family, harena__call};
  atomic_store_explicit(&family->visit_place, visit.caller.return_address, memory_order_relaxed);
  atomic_store_explicit(&family->visit_frame, visit.caller.frame, memory_order_relaxed);
  atomic_store_explicit(&family->visitor, visitor, memory_order_relaxed);
  return visit;
}

HARENA_ATTRIBUTE(noinline, cold)
static harena__visit begin_beside_another(const harena__watch *watch, uint32_t visitor) {
  harena__watch *family = watch->family;
  harena__caller other = latest_call(family);
  harena__visit visit = begin(family, visitor);
  harena__stack found = harena__capture();
  if (is_first_report(family)) {
    atomic_store(&family->disturber_waits, true);
    report_overlap(watch, found, stack_of_disturbed(family, other));
  }
  return visit;
}

harena__visit harena__visit_began(const harena__arena *arena) {
  const harena__watch *watch = harena__watch_of(arena);
  harena__watch *family = watch ? watch->visited : NULL;
  if (!family) {
    return (harena__visit){0};
  }
  uint32_t visitor = atomic_load_explicit(&family->visitor, memory_order_relaxed);
  uint32_t here = this_thread();
  if (HARENA_LIKELY(visitor == 0)) {
    return begin(family, here);
  }
  return visitor == here ? (harena__visit){0} : begin_beside_another(watch, here);
}

/* Somebody was there. He waits for the stack, or has gone without seeing anything: then his place
 * is all that is left of him. */
HARENA_ATTRIBUTE(noinline, cold) static void end_disturbed(const harena__visit *visit) {
  harena__watch *family = visit->family;
  harena__call = visit->caller;
  harena__stack stack = harena__capture();
  atomic_store(&family->disturbed, stack);
  if (!atomic_load(&family->disturber_waits) && is_first_report(family)) {
    harena__caller other = {latest_call(family).return_address, NULL};
    report_overlap(family, stack, harena__capture_of(other));
  }
}

void harena__visit_ended(const harena__visit *visit) {
  harena__watch *family = visit->family;
  if (!family) {
    return;
  }
  uint32_t visitor = atomic_load_explicit(&family->visitor, memory_order_relaxed);
  if (visitor == this_thread()) {
    atomic_store_explicit(&family->visitor, 0, memory_order_relaxed);
  } else if (visitor != 0) {
    end_disturbed(visit);
  }
}

void harena__visit_abandoned(const harena__arena *arena) {
  const harena__watch *watch = harena__watch_of(arena);
  harena__watch *family = watch ? watch->family : NULL;
  if (family && atomic_load_explicit(&family->visitor, memory_order_relaxed) == this_thread()) {
    atomic_store_explicit(&family->visitor, 0, memory_order_relaxed);
  }
}
