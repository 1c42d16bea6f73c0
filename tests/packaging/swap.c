/* Writes to a block after its arena was cleared. In release nothing shows: the arena keeps its
 * memory. The block is many pages long, so that the instrumented library finds it without a tool.
 */
#include <harena.h>
#include <string.h>

enum { BLOCK = 256 * 1024 };

static char *make_block(harena *arena) {
  char *block = harena_alloc(arena, BLOCK, 8);
  if (block) {
    memset(block, 1, BLOCK);
  }
  return block;
}

static void end_request(harena *arena) { harena_clear(arena); }

int main(void) {
  harena_options options = {.name = "request", .initial_capacity = 4 * BLOCK};
  harena *arena = harena_open(&options);
  if (!arena) {
    return 2;
  }
  char *volatile block = make_block(arena);
  if (!block) {
    return 2;
  }
  end_request(arena);
  memset(block, 2, BLOCK);
  harena_close(arena);
  return 0;
}
