#include "numbers.h"

#include <harena/compiler.h>
#include <signal.h>
#include <stdatomic.h>

#include "report/options.h"

static const uint32_t numbers_at_a_time = 65536;

static _Thread_local uint32_t latest HARENA_ATTRIBUTE(tls_model("initial-exec"));

/* The last number of a stretch is a multiple of its length. */
static uint32_t first_of_stretch(void) {
  static _Atomic uint32_t taken;
  return atomic_fetch_add_explicit(&taken, numbers_at_a_time, memory_order_relaxed) + 1;
}

uint32_t harena__number_event(void) {
  latest = latest % numbers_at_a_time == 0 ? first_of_stretch() : latest + 1;
  if (latest == (uint32_t)harena__option()->stop_at) {
    raise(SIGTRAP);
  }
  return latest;
}

uint32_t harena__latest_event(void) { return latest; }
