#include "shadow/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "cage.h"
#include "canary.h"
#include "pages.h"
#include "shadow/shadow.h"
#include "shadow/wide_stack.h"

/* ---- Who handled the signals before ---- */

static const int signals[] = {SIGSEGV, SIGBUS};
enum { SIGNALS = sizeof signals / sizeof signals[0] };
static struct sigaction previous[SIGNALS];

static const struct sigaction *previous_of(int number) {
  return &previous[number == signals[0] ? 0 : 1];
}

/* A fault happens again when the handler returns; a signal that somebody sent does not. */
static void restore_previous(int number, const siginfo_t *information) {
  sigaction(number, previous_of(number), NULL);
  bool was_sent = information->si_code <= 0;
  if (was_sent) {
    raise(number);
  }
}

static void hand_to_previous(int number, siginfo_t *information, void *context) {
  const struct sigaction *handler = previous_of(number);
  if (handler->sa_flags & SA_SIGINFO) {
    handler->sa_sigaction(number, information, context);
  } else if (handler->sa_handler == SIG_DFL || handler->sa_handler == SIG_IGN) {
    restore_previous(number, information);
  } else {
    handler->sa_handler(number);
  }
}

/* ---- Explaining ---- */

/* Of addresses that are neither in the cage nor in the tomb, only those with a mapping that forbids
 * the access can be of a chunk that was taken apart. */
static bool may_be_ours(const siginfo_t *information) {
  const void *address = information->si_addr;
  bool was_sent = information->si_code <= 0;
  if (was_sent) {
    return false;
  }
  return harena__cage_holds(address) || harena__tomb_holds(address) ||
         (information->si_code == SEGV_ACCERR && harena__cage_went_apart());
}

/* Bit 1 of the x86 page fault's error code; elsewhere every access is called a read. */
static bool is_write(const ucontext_t *machine) {
#if defined(__x86_64__) || defined(__i386__)
  return (machine->uc_mcontext.gregs[REG_ERR] & 2) != 0;
#else
  (void)machine;
  return false;
#endif
}

typedef struct fault {
  const siginfo_t *information;
  const ucontext_t *machine;
  bool explained;
} fault;

/* How many bytes were accessed is not known: one at least. Never in place: its frames must not be on
 * the stack that the handler has. */
__attribute__((noinline)) static void explain(void *context) {
  fault *self = context;
  self->explained =
      harena__explain_access(self->information->si_addr, 1, is_write(self->machine), NULL, true);
}

/* On an alternate stack. A report takes up to 11 KB, most under MemorySanitizer. */
static bool is_narrow(const stack_t *alternate) {
  enum { ROOM = 16 << 10 };
  uintptr_t left = (uintptr_t)__builtin_frame_address(0) - (uintptr_t)alternate->ss_sp;
  return left < alternate->ss_size && left < ROOM;
}

static bool is_explained(const siginfo_t *information, const ucontext_t *machine) {
  fault self = {information, machine, false};
  if (!may_be_ours(information)) {
    return false;
  }
  if (!is_narrow(&machine->uc_stack) || !harena__call_on_wide_stack(explain, &self)) {
    explain(&self);
  }
  return self.explained;
}

static void handle(int number, siginfo_t *information, void *context) {
  int saved = errno;
  if (is_explained(information, context)) {
    sigaction(number, previous_of(number), NULL);
  } else {
    hand_to_previous(number, information, context);
  }
  errno = saved;
}

/* ---- Installing ---- */

/* For the thread that starts; a fault on a small stack (a coroutine's) needs it. Others use what
 * they have. */
static void provide_stack(void) {
  stack_t present;
  if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE)) {
    return;
  }
  stack_t stack = {.ss_sp = harena__map_pages(HARENA__WIDE_STACK), .ss_size = HARENA__WIDE_STACK};
  if (stack.ss_sp) {
    sigaltstack(&stack, NULL);
  }
}

void harena__watch_faults(void) {
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  provide_stack();
  for (int i = 0; i < SIGNALS; i++) {
    sigaction(signals[i], NULL, &previous[i]);
    sigaction(signals[i], &action, NULL);
  }
}
