#include "escape/stack_frames.h"

#include <link.h>
#include <stddef.h>
#include <unwind.h>

#include "escape/memory.h"
#include "stacks.h"

/* ---- Code ---- */

typedef struct code_search {
  uintptr_t address;
  bool found;
} code_search;

static int look_into(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  code_search *search = context;
  for (size_t i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    uintptr_t offset = search->address - info->dlpi_addr - header->p_vaddr;
    if (header->p_type == PT_LOAD && (header->p_flags & PF_X) && offset < header->p_memsz) {
      search->found = true;
    }
  }
  return search->found;
}

bool harena__is_code(uintptr_t address) {
  code_search search = {.address = address};
  dl_iterate_phdr(look_into, &search);
  return search.found;
}

/* ---- Frames ---- */

enum { FARTHEST = 4096 };

/* Whether at `record` lie a frame pointer that leads above `slot` and a return address. */
static bool is_record(uintptr_t record, uintptr_t slot, harena__range stack, uintptr_t *code) {
  uintptr_t frame;
  return harena__copy_word(record, &frame) && frame > slot && harena__range_holds(stack, frame) &&
         frame % sizeof frame == 0 && harena__copy_word(record + sizeof frame, code) &&
         harena__is_code(*code);
}

uintptr_t harena__function_of_frame(uintptr_t slot, harena__range stack) {
  uintptr_t code;
  uintptr_t lowest = slot - stack.start > FARTHEST ? slot - FARTHEST : stack.start;
  uintptr_t record = (slot & ~(uintptr_t)(sizeof slot - 1)) - 2 * sizeof slot;
  for (; record >= lowest && record < slot; record -= sizeof slot) {
    if (is_record(record, slot, stack, &code)) {
      return code;
    }
  }
  return 0;
}

/* ---- Registers ---- */

/* In the numbering of DWARF. */
#if defined(__x86_64__)
static const struct {
  int number;
  const char *name;
} saved[HARENA__SAVED_REGISTERS] = {{3, "rbx"},  {6, "rbp"},  {12, "r12"},
                                    {13, "r13"}, {14, "r14"}, {15, "r15"}};
enum { SAVED = HARENA__SAVED_REGISTERS };
#else
static const struct {
  int number;
  const char *name;
} saved[1];
enum { SAVED = 0 };
#endif

typedef struct unwinding {
  uintptr_t *values;
  bool found;
} unwinding;

static _Unwind_Reason_Code look_at_frame(struct _Unwind_Context *frame, void *context) {
  unwinding *it = context;
  if (_Unwind_GetIP(frame) != (uintptr_t)harena__call.return_address) {
    return _URC_NO_REASON;
  }
  for (int i = 0; i < SAVED; i++) {
    it->values[i] = _Unwind_GetGR(frame, saved[i].number);
  }
  it->found = true;
  return _URC_END_OF_STACK;
}

unsigned harena__callers_registers(uintptr_t values[HARENA__SAVED_REGISTERS]) {
  unwinding it = {.values = values};
  if (SAVED > 0) {
    _Unwind_Backtrace(look_at_frame, &it);
  }
  return it.found ? SAVED : 0;
}

const char *harena__register_name(unsigned number) { return saved[number].name; }
