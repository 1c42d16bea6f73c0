#include "escape/jump_buffers.h"

#include <stddef.h>

#include "escape/memory.h"
#include "escape/stack_frames.h"

#if defined(__x86_64__) && defined(__GLIBC__)

/* rbx, rbp, r12, r13, r14, r15, the stack pointer, the place in the code. rbp and the last two are
 * mixed with a word of the thread's control block and turned by 17 bits. */
enum { SAVED = 8, FIRST_OTHER = 6, PLACE = 7, TURN = 17 };

static uintptr_t mixed_in(void) {
  uintptr_t word;
  __asm__("mov %%fs:0x30, %0" : "=r"(word));
  return word;
}

static bool is_jump_buffer(uintptr_t start) {
  uintptr_t place;
  if (!harena__copy_word(start + PLACE * sizeof place, &place)) {
    return false;
  }
  return harena__is_code((place >> TURN | place << (64 - TURN)) ^ mixed_in());
}

bool harena__is_in_jump_buffer(uintptr_t slot) {
  for (uintptr_t i = 0; i < FIRST_OTHER; i++) {
    if (is_jump_buffer(slot - i * sizeof slot)) {
      return true;
    }
  }
  return false;
}

#else

bool harena__is_in_jump_buffer(uintptr_t slot) {
  (void)slot;
  return false;
}

#endif
