#include "escape/tools_memory.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "escape/memory.h"
#include "shadow/requests.h"
#include "shadow/shadow.h"

#define WEAK __attribute__((weak))

WEAK void __asan_get_shadow_mapping(size_t *scale, size_t *offset);
WEAK void *__asan_region_is_poisoned(void *start, size_t size);
WEAK void *__asan_get_current_fake_stack(void);
WEAK const char *__asan_locate_address(void *address, char *name, size_t name_size, void **region,
                                       size_t *region_size);
WEAK ptrdiff_t __msan_test_shadow(const volatile void *start, size_t size);
extern char __tsan_init[] WEAK;

/* ---- Mappings ---- */

static const uint64_t end_of_program = UINT64_C(1) << (sizeof(void *) == 8 ? 47 : 32);

static bool is_asan_shadow(harena__range mapping) {
  size_t scale;
  size_t offset;
  __asan_get_shadow_mapping(&scale, &offset);
  return mapping.start >= offset && mapping.end <= offset + (end_of_program >> scale);
}

/* 64 bits on every machine: MSan and TSan are for such only. */
typedef struct wide_range {
  uint64_t start, end;
} wide_range;

static bool is_in_any(harena__range mapping, const wide_range *ranges, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (mapping.start >= ranges[i].start && mapping.end <= ranges[i].end) {
      return true;
    }
  }
  return false;
}

/* Where MSan and TSan let the program's mappings be, on x86-64; all else is theirs. */
static bool is_msan_program(harena__range mapping) {
  static const wide_range ranges[] = {{0, UINT64_C(0x010000000000)},
                                      {UINT64_C(0x510000000000), UINT64_C(0x600000000000)},
                                      {UINT64_C(0x700000000000), UINT64_C(0x800000000000)}};
  return is_in_any(mapping, ranges, sizeof ranges / sizeof ranges[0]);
}

static const wide_range tsan_heaps[] = {
    {UINT64_C(0x720000000000), UINT64_C(0x734000000000)},  /* since LLVM 18 */
    {UINT64_C(0x7b0000000000), UINT64_C(0x7b4000000000)}}; /* before, and gcc's */

static bool is_tsan_program(harena__range mapping) {
  static const wide_range ranges[] = {{0, UINT64_C(0x008000000000)},
                                      {UINT64_C(0x550000000000), UINT64_C(0x568000000000)},
                                      {UINT64_C(0x7e8000000000), UINT64_C(0x800000000000)}};
  return is_in_any(mapping, ranges, sizeof ranges / sizeof ranges[0]) ||
         is_in_any(mapping, tsan_heaps, sizeof tsan_heaps / sizeof tsan_heaps[0]);
}

bool harena__is_tsan_heap(uintptr_t address) {
  return __tsan_init && is_in_any((harena__range){address, address + 1}, tsan_heaps,
                                  sizeof tsan_heaps / sizeof tsan_heaps[0]);
}

/* Valgrind refuses calls on memory that it has for itself. This one does nothing else to memory
 * that has no file behind it. */
static bool is_valgrinds(harena__range mapping) {
  return msync((void *)mapping.start, mapping.end - mapping.start, MS_ASYNC) != 0;
}

bool harena__is_tools_memory(harena__range mapping) {
  if (harena__on_valgrind()) {
    return is_valgrinds(mapping);
  }
  if (__asan_get_shadow_mapping) {
    return is_asan_shadow(mapping);
  }
  if (__msan_test_shadow) {
    return !is_msan_program(mapping);
  }
  return __tsan_init && !is_tsan_program(mapping);
}

/* ---- Words ---- */

bool harena__find_in_frame(uintptr_t slot, char *name, size_t size) {
  void *region;
  size_t region_size;
  return __asan_locate_address &&
         strcmp(__asan_locate_address((void *)slot, name, size, &region, &region_size), "stack") ==
             0;
}

/* How ASan marks the frames that it keeps beside the stack. */
enum { LIVE_FRAME = 0x41b58ab3, RETIRED_FRAME = 0x45e0360e };
enum { FRAME_ALIGN = 64, LARGEST_FRAME = 1 << 16 };

static bool is_in_retired_frame(uintptr_t slot) {
  uintptr_t frame = slot & ~(uintptr_t)(FRAME_ALIGN - 1);
  for (uintptr_t mark; slot - frame < LARGEST_FRAME && harena__copy_word(frame, &mark);
       frame -= FRAME_ALIGN) {
    if (mark == RETIRED_FRAME || mark == LIVE_FRAME) {
      return mark == RETIRED_FRAME;
    }
  }
  return false;
}

/* Of a frame that has ended gcc poisons what the function has used of it. Behind that lies what a
 * longer frame in the same place has left. */
static bool is_left_in_frame(uintptr_t slot) {
  char name[1];
  return __asan_get_current_fake_stack() && harena__find_in_frame(slot, name, sizeof name) &&
         is_in_retired_frame(slot);
}

bool harena__is_programs_word(uintptr_t slot) {
  void *word = (void *)slot;
  if (harena__on_valgrind()) {
    uintptr_t undefined_bits = 0;
    return VALGRIND_GET_VBITS(word, &undefined_bits, sizeof undefined_bits) == 1 &&
           undefined_bits == 0;
  }
  if (__asan_region_is_poisoned) {
    return !__asan_region_is_poisoned(word, sizeof(uintptr_t)) && !is_left_in_frame(slot);
  }
  return !__msan_test_shadow || __msan_test_shadow(word, sizeof(uintptr_t)) < 0;
}
