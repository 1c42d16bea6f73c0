/* All of arena.h: several arenas, parents, marks, references, cleanups, recycling, limits, failing
 * sources. Each input is played in both variants, from nothing, and what they answer must agree
 * wherever they promise to agree. */
#include <stdio.h>
#include <stdlib.h>

#include "cage.h"
#include "engine/splice.h"
#include "engine/target.h"
#include "handles.h"
#include "model/play.h"

const row_shape splice_shape = {0, OPERATION_BYTES};

void release_play(const uint8_t *bytes, size_t size, history *answers, play_observer *observe);

static history of_release;
static history of_instrumented;

/* Small, so that addresses run out and are used again. */
static const size_t CAGE = (size_t)32 << 20;

#define expect_same(member)                                                                     \
  do {                                                                                          \
    if (one->member != two->member) {                                                           \
      fprintf(stderr, "operation %zu: " #member " is %llu in release, %llu instrumented\n", at, \
              (unsigned long long)one->member, (unsigned long long)two->member);                \
      abort();                                                                                  \
    }                                                                                           \
  } while (0)

static void compare_answer(size_t at, const answer *one, const answer *two) {
  expect_same(done);
  expect_same(status);
  expect_same(figures.used_bytes);
  expect_same(figures.clears);
  if (one->exact) {
    expect_same(figures.data_bytes);
    expect_same(figures.padding_bytes);
  }
  if (one->peak_comparable && two->peak_comparable) {
    expect_same(figures.peak_bytes);
  }
  if (one->exact && one->peak_comparable && two->peak_comparable) {
    expect_same(figures.allocations);
  }
}

static void compare(void) {
  for (size_t i = 0; i < of_release.count; i++) {
    const answer *one = &of_release.answers[i];
    const answer *two = &of_instrumented.answers[i];
    if (one->comparable && two->comparable && one->opened_at == two->opened_at) {
      compare_answer(i, one, two);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  of_release.count = 0;
  of_instrumented.count = 0;
  release_play(bytes, size, &of_release, NULL);
  harena__cage_limit(CAGE);
  play(bytes, size, &of_instrumented, NULL);
  harena__forget_everything();
  compare();
  return 0;
}

/* The model remembers blocks beyond their end, in memory where a sweep would find them. */
const char *harena_default_options(void) { return "halt_on_error=0:escape=off"; }
