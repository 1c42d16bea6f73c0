/* Buffers, written to in every way there is, beside plain copies. The first byte chooses the arena,
 * the others the calls (model/trial.h). Each input is played in both variants. */
#include "cage.h"
#include "engine/splice.h"
#include "engine/target.h"
#include "handles.h"
#include "model/buffers.h"
#include "model/trial.h"

const row_shape splice_shape = {1, STEP_BYTES};

void release_play_buffers(const uint8_t *bytes, size_t size);

/* Small, so that addresses run out and are used again. */
static const size_t CAGE = (size_t)32 << 20;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  release_play_buffers(bytes, size);
  harena__cage_limit(CAGE);
  play_buffers(bytes, size);
  harena__forget_everything();
  return 0;
}

/* The model keeps buffers whose arena was cleared, to see that they are stale. */
const char *harena_default_options(void) { return "halt_on_error=0:escape=off"; }
