#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

#include "pages.h"
#include "shadow/wide_stack.h"

/* In the new pages, because contexts are large. */
typedef struct visit {
  ucontext_t here, there;
  void (*body)(void *context);
  void *context;
  char stack[HARENA__WIDE_STACK] __attribute__((aligned(16)));
} visit;

/* In two halves, because what begins a stack takes numbers of this size only. */
static void enter(unsigned high, unsigned low) {
  visit *self = (void *)(uintptr_t)((uint64_t)high << 32 | low);
  self->body(self->context);
}

static void go_and_return(visit *self) {
  uint64_t number = (uintptr_t)self;
  getcontext(&self->there);
  self->there.uc_stack.ss_sp = self->stack;
  self->there.uc_stack.ss_size = sizeof self->stack;
  self->there.uc_link = &self->here;
  makecontext(&self->there, (void (*)(void))enter, 2, (unsigned)(number >> 32), (unsigned)number);
  swapcontext(&self->here, &self->there);
}

/* The kernel takes an alternate stack for free while nobody's stack pointer leads into it, and would
 * begin a second handler at its end. */
static void go_undisturbed(visit *self) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  go_and_return(self);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool harena__call_on_wide_stack(void (*body)(void *context), void *context) {
  visit *fresh = harena__map_pages(sizeof *fresh);
  if (!fresh) {
    return false;
  }
  fresh->body = body;
  fresh->context = context;
  go_undisturbed(fresh);
  harena__unmap_pages(fresh, sizeof *fresh);
  return true;
}
