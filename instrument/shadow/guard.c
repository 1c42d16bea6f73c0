/* No tool: nobody sees an access but the processor. Dead slabs are made inaccessible by the cage,
 * and the faults are explained. */
#include "shadow/fault.h"
#include "shadow/shadow.h"

static bool is_present(void) { return true; }

/* ThreadSanitizer reports faults itself and delays handlers of ours. */
extern char __tsan_init[] __attribute__((weak));

static void start(void) {
  if (!__tsan_init) {
    harena__watch_faults();
  }
}

static void ignore_new_pool(const void *pool, size_t redzone) {
  (void)pool;
  (void)redzone;
}

static void ignore_pool(const void *pool) { (void)pool; }

static void ignore_memory(const void *from, size_t size) {
  (void)from;
  (void)size;
}

static void ignore_block(const void *pool, void *block, size_t size) {
  (void)pool;
  (void)block;
  (void)size;
}

static void ignore_resize(const void *pool, void *block, size_t old_size, size_t new_size) {
  (void)pool;
  (void)block;
  (void)old_size;
  (void)new_size;
}

static void ignore_range(const void *pool, char *from, char *to) {
  (void)pool;
  (void)from;
  (void)to;
}

static void ignore_slab(char *start, size_t size) {
  (void)start;
  (void)size;
}

static void ignore_move(char *from, char *to, size_t size) {
  (void)from;
  (void)to;
  (void)size;
}

const harena__shadow harena__shadow_guard = {
    .name = "guard",
    .is_present = is_present,
    .start = start,
    .needs_canaries = true,
    .least_redzone = 16,
    .may_protect = true,
    .pool_opened = ignore_new_pool,
    .pool_closed = ignore_pool,
    .poison = ignore_memory,
    .unpoison = ignore_memory,
    .block_born = NULL,
    .block_resized = ignore_resize,
    .bytes_opened = ignore_memory,
    .block_retired = ignore_block,
    .range_retired = ignore_range,
    .slab_retired = ignore_slab,
    .pages_moved = ignore_move,
};

const harena__shadow harena__shadow_guard_open = {
    .name = "guard",
    .is_present = is_present,
    .start = start,
    .needs_canaries = true,
    .least_redzone = 16,
    .may_protect = false,
    .pool_opened = ignore_new_pool,
    .pool_closed = ignore_pool,
    .poison = ignore_memory,
    .unpoison = ignore_memory,
    .block_born = NULL,
    .block_resized = ignore_resize,
    .bytes_opened = ignore_memory,
    .block_retired = ignore_block,
    .range_retired = ignore_range,
    .slab_retired = ignore_slab,
};
