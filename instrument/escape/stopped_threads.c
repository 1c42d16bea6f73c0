#include "escape/stopped_threads.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "report/options.h"
#include "shadow/shadow.h"

static const uint64_t longest_wait_for_answers = 20000000;
static const uint64_t longest_stop = 100000000;

/* One for each thread that is asked. */
typedef struct answer {
  _Atomic int id;
  _Atomic uintptr_t stack; /* 0: not yet */
} answer;

static answer answers[HARENA__MOST_THREADS];
static _Atomic size_t asked;

/* Stops are numbered. A signal that comes too late finds that its stop is over. */
static _Atomic unsigned stops;
static _Atomic unsigned released;

static bool is_over(unsigned stop) { return atomic_load(&released) >= stop; }

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static void pause_shortly(void) { nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL); }

/* ---- In the threads ---- */

static answer *own_answer(void) {
  int id = (int)syscall(SYS_gettid);
  size_t count = atomic_load(&asked);
  for (size_t i = 0; i < count; i++) {
    if (atomic_load(&answers[i].id) == id) {
      return &answers[i];
    }
  }
  return NULL;
}

/* The registers of the interrupted code lie in `context`, which is on the stack, below all that is
 * live: who looks from there up sees both. */
static void wait_in_handler(int number, siginfo_t *information, void *context) {
  int saved = errno;
  unsigned stop = atomic_load(&stops);
  answer *own = is_over(stop) ? NULL : own_answer();
  (void)number;
  (void)information;
  if (own) {
    uint64_t until = now() + longest_stop;
    atomic_store(&own->stack, (uintptr_t)context);
    while (!is_over(stop) && now() < until) {
      pause_shortly();
    }
  }
  errno = saved;
}

/* ---- In the sweep ---- */

/* The highest that the program leaves at its default; 0 when there is none. */
static int take_signal(void) {
  for (int number = SIGRTMAX; number > SIGRTMIN; number--) {
    struct sigaction present;
    struct sigaction ours = {.sa_sigaction = wait_in_handler, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&ours.sa_mask);
    if (sigaction(number, NULL, &present) == 0 && present.sa_handler == SIG_DFL) {
      return sigaction(number, &ours, NULL) == 0 ? number : 0;
    }
  }
  return 0;
}

static int signal_number(void) {
  static int known = -1;
  if (known < 0) {
    known = take_signal();
  }
  return known;
}

extern char __tsan_init[] __attribute__((weak));

static bool is_wanted(const harena__threads *threads) {
  return harena__option()->stop_threads && !threads->alone && !__tsan_init &&
         !harena__on_valgrind();
}

static bool is_running(const harena__thread *thread) {
  return thread->stack == 0 && thread->id != (int)syscall(SYS_gettid);
}

static size_t ask(const harena__threads *threads, int number) {
  size_t count = 0;
  for (size_t i = 0; i < threads->count; i++) {
    if (is_running(&threads->list[i])) {
      atomic_store(&answers[count].stack, 0);
      atomic_store(&answers[count++].id, threads->list[i].id);
    }
  }
  atomic_store(&asked, count);
  atomic_fetch_add(&stops, 1);
  for (size_t i = 0; i < count; i++) {
    syscall(SYS_tgkill, getpid(), atomic_load(&answers[i].id), number);
  }
  return count;
}

static bool have_answered(size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (atomic_load(&answers[i].stack) == 0) {
      return false;
    }
  }
  return true;
}

static void take_answers(harena__threads *threads, size_t count) {
  for (size_t i = 0; i < threads->count; i++) {
    for (size_t j = 0; j < count; j++) {
      if (threads->list[i].id == atomic_load(&answers[j].id)) {
        threads->list[i].stack = atomic_load(&answers[j].stack);
      }
    }
  }
}

void harena__stop_threads(harena__threads *threads) {
  int number = is_wanted(threads) ? signal_number() : 0;
  if (number == 0) {
    return;
  }
  size_t count = ask(threads, number);
  uint64_t until = now() + longest_wait_for_answers;
  while (!have_answered(count) && now() < until) {
    pause_shortly();
  }
  take_answers(threads, count);
}

void harena__let_threads_go(void) { atomic_store(&released, atomic_load(&stops)); }
