#include "numbers.h"

#include <signal.h>
#include <stdatomic.h>

#include "report/options.h"

static const uint32_t numbers_at_a_time = 65536;

_Thread_local harena__counter harena__events;

/* The last number of a stretch is a multiple of its length. */
static uint32_t first_of_stretch(void) {
  static _Atomic uint32_t taken;
  return atomic_fetch_add_explicit(&taken, numbers_at_a_time, memory_order_relaxed) + 1;
}

/* Behind the last stretch of all, numbers wrap. */
static uint32_t end_of_stretch(uint32_t number) {
  return number + (0 - number) % numbers_at_a_time;
}

static uint32_t next_pause(uint32_t number, uint32_t stop) {
  uint32_t end = end_of_stretch(number);
  bool stops_first = stop != 0 && stop - number - 1 < end - number;
  return stops_first ? stop - 1 : end;
}

uint32_t harena__number_after_pause(void) {
  uint32_t stop = (uint32_t)harena__option()->stop_at;
  uint32_t latest = harena__events.latest;
  latest = latest % numbers_at_a_time == 0 ? first_of_stretch() : latest + 1;
  harena__events = (harena__counter){latest, next_pause(latest, stop)};
  if (latest == stop) {
    raise(SIGTRAP);
  }
  return latest;
}
