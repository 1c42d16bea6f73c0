/* Valgrind's memcheck. Every arena is a pool and every block is told, so that memcheck itself
 * shows where a block was allocated and where it ended. That works for memory that did not come
 * from malloc, as the cage's, and as long as each block's end is told: destroying the pool loses
 * the places.
 *
 * The headers are a copy, under their own licence; the rest of Valgrind is not needed to build. */
#include <stdint.h>

#include "ledger.h"
#include "shadow/live_blocks.h"
#include "shadow/requests.h"
#include "shadow/shadow.h"
#include "size.h"

/* How far from a block memcheck calls an address before or after it. Of a live block it takes as
 * much as it is told and makes it inaccessible; of a dead one always this much. */
enum { POOL_REDZONE = 24 };

bool harena__on_valgrind(void) { return RUNNING_ON_VALGRIND != 0; }

/* Only memcheck knows its own requests; it answers this one with -1, other tools with the
 * default of 0. */
static bool is_present(void) {
  static char byte;
  return harena__on_valgrind() && VALGRIND_MAKE_MEM_DEFINED_IF_ADDRESSABLE(&byte, 1) != 0;
}

static void start(void) { harena__live_blocks_start(); }

static void pool_opened(const void *pool, size_t redzone) {
  VALGRIND_CREATE_MEMPOOL(pool, harena__min(redzone, POOL_REDZONE), 0);
}

static void pool_closed(const void *pool) { VALGRIND_DESTROY_MEMPOOL(pool); }

static void poison(const void *from, size_t size) { VALGRIND_MAKE_MEM_NOACCESS(from, size); }

static void unpoison(const void *from, size_t size) { VALGRIND_MAKE_MEM_DEFINED(from, size); }

static void block_born(const void *pool, void *block, size_t size) {
  harena__live_block_add(block);
  VALGRIND_MEMPOOL_ALLOC(pool, block, size);
}

static void block_resized(const void *pool, void *block, size_t old_size, size_t new_size) {
  char *bytes = block;
  VALGRIND_MEMPOOL_CHANGE(pool, block, block, new_size);
  if (new_size > old_size) {
    VALGRIND_MAKE_MEM_UNDEFINED(bytes + old_size, new_size - old_size);
  } else {
    VALGRIND_MAKE_MEM_NOACCESS(bytes + new_size, old_size - new_size);
  }
}

static void bytes_opened(const void *from, size_t size) { VALGRIND_MAKE_MEM_UNDEFINED(from, size); }

/* A second end of a block would be reported as an invalid free. */
static void block_retired(const void *pool, void *block, size_t size) {
  if (harena__live_block_remove(block)) {
    VALGRIND_MEMPOOL_FREE(pool, block);
  }
  poison(block, size);
}

static void end_block(harena__entry *entry, void *pool) {
  char *block = harena__unhide(entry->hidden_block);
  if (harena__live_block_remove(block)) {
    VALGRIND_MEMPOOL_FREE(pool, block);
  }
}

/* Block by block: memcheck's request to trim a pool ends what lies outside a range, and blocks of
 * other chunks, and before a mark, live on. */
static void range_retired(const void *pool, char *from, char *to) {
  harena__ledger_each_block(from, to, end_block, (void *)(uintptr_t)pool);
  poison(from, harena__distance(from, to));
}

static void slab_retired(char *start, size_t size) { poison(start, size); }

const harena__shadow harena__shadow_memcheck = {
    .name = "memcheck",
    .is_present = is_present,
    .start = start,
    .needs_canaries = false,
    .least_redzone = (size_t)2 * POOL_REDZONE,
    .may_protect = false,
    .pool_opened = pool_opened,
    .pool_closed = pool_closed,
    .poison = poison,
    .unpoison = unpoison,
    .block_born = block_born,
    .block_resized = block_resized,
    .bytes_opened = bytes_opened,
    .block_retired = block_retired,
    .range_retired = range_retired,
    .slab_retired = slab_retired,
};
