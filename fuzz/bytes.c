/* Slices and a buffer beside plain copies of what they must hold. The first byte chooses the arena,
 * the others the calls (tests/bytes/model.h), which are those of a correct program: nothing may be
 * reported. Each input is played in both variants. */
#include <harena.h>

#include "../tests/bytes/model.h"
#include "cage.h"
#include "engine/demand.h"
#include "engine/splice.h"
#include "engine/target.h"
#include "handles.h"

const row_shape splice_shape = {1, CALL_BYTES};

void release_run_model(const model_home *home, const uint8_t *input, size_t size);

/* Small, so that addresses run out and are used again. */
static const size_t CAGE = (size_t)32 << 20;

static const char *variant;

_Noreturn void model_failed(const model_home *home, size_t step, const char *what, int line) {
  fprintf(stderr, "%s arena, operation %zu, line %d: %s (home: %s)\n", variant, step, line, what,
          home->name);
  abort();
}

static void take_report(const char *text, void *context) {
  (void)context;
  fputs(text, stderr);
  abort();
}

static void play_release(const model_home *home, const uint8_t *bytes, size_t size) {
  variant = "release";
  release_run_model(home, bytes, size);
}

static void play_instrumented(const model_home *home, const uint8_t *bytes, size_t size) {
  variant = "instrumented";
  harena__cage_limit(CAGE);
  harena_set_report_callback(take_report, NULL);
  run_model(home, bytes, size);
  harena__forget_everything();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0) {
    return 0;
  }
  const model_home *home = &model_homes[bytes[0] % model_home_count];
  play_release(home, bytes + 1, size - 1);
  play_instrumented(home, bytes + 1, size - 1);
  return 0;
}

/* The model keeps the slices of what was cleared, to see that they are stale. */
const char *harena_default_options(void) { return "halt_on_error=0:escape=off"; }
