/* MemorySanitizer: contents that were not written. Dead memory counts as not written, too, so its
 * use is found where a decision depends on it; an access alone is not seen, hence the canaries and
 * the fault handler.
 *
 * __msan_allocated_memory() instead of __msan_poison() where a block begins or ends: with origins,
 * MSan then shows the place that did it. References are weak, so that the object file serves
 * programs without MSan. */
#include <stdio.h>
#include <unistd.h>

#include "shadow/fault.h"
#include "shadow/shadow.h"
#include "size.h"

#define WEAK __attribute__((weak))

WEAK void __msan_poison(const volatile void *address, size_t size);
WEAK void __msan_unpoison(const volatile void *address, size_t size);
WEAK void __msan_allocated_memory(const volatile void *address, size_t size);

static bool is_present(void) { return __msan_poison != NULL; }

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define BUILT_WITH_MSAN 1
#endif
#endif
#ifndef BUILT_WITH_MSAN
#define BUILT_WITH_MSAN 0
#endif

/* What a library built without MSan writes, MSan takes as never written. The other way round needs
 * no words of ours: a program without MSan does not link or load a library built with it. */
static void refuse_to_mislead(void) {
  fputs(
      "harena: the program is built with MemorySanitizer, this libharena is not: all that it "
      "writes\n"
      "harena: would be reported as uninitialised. Build harena with clang and "
      "-Db_sanitize=memory;\n"
      "harena: HARENA_OPTIONS=shadow=guard goes on without telling MemorySanitizer anything.\n",
      stderr);
  _exit(1);
}

static void start(void) {
  if (!BUILT_WITH_MSAN) {
    refuse_to_mislead();
  }
  harena__watch_faults();
}

static void ignore_new_pool(const void *pool, size_t redzone) {
  (void)pool;
  (void)redzone;
}

static void ignore_pool(const void *pool) { (void)pool; }

static void poison(const void *from, size_t size) { __msan_poison(from, size); }

static void unpoison(const void *from, size_t size) { __msan_unpoison(from, size); }

static void block_born(const void *pool, void *block, size_t size) {
  (void)pool;
  __msan_allocated_memory(block, size);
}

static void block_resized(const void *pool, void *block, size_t old_size, size_t new_size) {
  (void)pool;
  size_t common = harena__min(old_size, new_size);
  __msan_allocated_memory((char *)block + common, harena__max(old_size, new_size) - common);
}

static void bytes_opened(const void *from, size_t size) { __msan_allocated_memory(from, size); }

static void block_retired(const void *pool, void *block, size_t size) {
  (void)pool;
  __msan_allocated_memory(block, size);
}

static void range_retired(const void *pool, char *from, char *to) {
  (void)pool;
  __msan_allocated_memory(from, harena__distance(from, to));
}

/* Made inaccessible; a fault says enough. */
static void slab_retired(char *start, size_t size) {
  (void)start;
  (void)size;
}

const harena__shadow harena__shadow_msan = {
    .name = "msan",
    .is_present = is_present,
    .start = start,
    .needs_canaries = true,
    .least_redzone = 16,
    .may_protect = true,
    .pool_opened = ignore_new_pool,
    .pool_closed = ignore_pool,
    .poison = poison,
    .unpoison = unpoison,
    .block_born = block_born,
    .block_resized = block_resized,
    .bytes_opened = bytes_opened,
    .block_retired = block_retired,
    .range_retired = range_retired,
    .slab_retired = slab_retired,
};
