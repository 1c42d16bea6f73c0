#include "escape/heap_blocks.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "escape/glibc_heap.h"
#include "escape/tools_memory.h"
#include "shadow/shadow.h"

#define WEAK __attribute__((weak))

WEAK const char *__asan_locate_address(void *address, char *name, size_t name_size, void **region,
                                       size_t *region_size);
WEAK size_t __asan_get_alloc_stack(void *address, void **frames, size_t size, int *thread);
WEAK const void *__sanitizer_get_allocated_begin(const void *address);
WEAK size_t __sanitizer_get_allocated_size(const void *start);
extern void __msan_init(void) WEAK;
extern char __tsan_init[] WEAK;
extern char __lsan_init[] WEAK;

/* UndefinedBehaviorSanitizer leaves malloc as it is. */
static bool has_sanitizers_heap(void) { return __msan_init || __tsan_init || __lsan_init; }

static harena__heap_verdict ask_asan(uintptr_t address, harena__heap_block *out) {
  char name[8];
  void *region = NULL;
  size_t size = 0;
  const char *kind = __asan_locate_address((void *)address, name, sizeof name, &region, &size);
  if (strcmp(kind, "heap") != 0) {
    return HARENA__NOT_HEAP;
  }
  *out = (harena__heap_block){(uintptr_t)region, size};
  return HARENA__HEAP_LIVE;
}

/* Of what was freed the words count as unwritten under MSan, and are not looked at. TSan leaves
 * them, and older ones cannot be asked: what is not known to live is taken for dead. */
static harena__heap_verdict ask_sanitizer(uintptr_t address, harena__heap_block *out) {
  const void *start = __sanitizer_get_allocated_begin
                          ? __sanitizer_get_allocated_begin((const void *)address)
                          : NULL;
  if (!start) {
    return harena__is_tsan_heap(address) ? HARENA__HEAP_DEAD : HARENA__NOT_HEAP;
  }
  *out = (harena__heap_block){(uintptr_t)start, __sanitizer_get_allocated_size(start)};
  return HARENA__HEAP_LIVE;
}

static harena__heap_verdict ask_glibc(uintptr_t address, harena__range heap, harena__range mapping,
                                      harena__heap_block *out) {
  if (harena__range_holds(heap, address)) {
    return harena__find_in_brk_heap(address, heap, out);
  }
  harena__heap_verdict verdict = harena__find_in_arena_heap(address, heap, mapping, out);
  if (verdict != HARENA__NOT_HEAP) {
    return verdict;
  }
  return harena__find_mapped_block(address, mapping, out);
}

harena__heap_verdict harena__find_heap_block(uintptr_t address, harena__range heap,
                                             harena__range mapping, harena__heap_block *out) {
  *out = (harena__heap_block){0};
  if (harena__on_valgrind()) {
    return HARENA__NOT_HEAP;
  }
  if (__asan_locate_address) {
    return ask_asan(address, out);
  }
  if (has_sanitizers_heap()) {
    return ask_sanitizer(address, out);
  }
  return ask_glibc(address, heap, mapping, out);
}

size_t harena__heap_block_stack(uintptr_t address, uintptr_t *frames, size_t capacity) {
  int thread;
  return __asan_get_alloc_stack
             ? __asan_get_alloc_stack((void *)address, (void **)frames, capacity, &thread)
             : 0;
}

void harena__prepare_heap(void) {
  if (!__asan_locate_address && !has_sanitizers_heap() && !harena__on_valgrind()) {
    mallopt(M_MXFAST, 0);
  }
}
