#include "escape/holders.h"

#include <stdio.h>
#include <string.h>

#include "cage.h"
#include "escape/data_symbols.h"
#include "escape/heap_blocks.h"
#include "escape/jump_buffers.h"
#include "escape/memory.h"
#include "escape/stack_frames.h"
#include "escape/thread_variables.h"
#include "escape/tools_memory.h"
#include "pointer_maps.h"
#include "regions.h"
#include "report/frames.h"

#define WEAK __attribute__((weak))

WEAK const char *__asan_locate_address(void *address, char *name, size_t name_size, void **region,
                                       size_t *region_size);
WEAK void *__asan_get_current_fake_stack(void);
WEAK void *__asan_addr_is_in_fake_stack(void *fake_stack, void *address, void **start, void **end);

static uintptr_t slot_of(const harena__sighting *sighting) {
  return (uintptr_t)harena__unhide(sighting->hidden_slot);
}

/* ---- Kinds ---- */

/* What a thread was started with stays behind the address of its first function, in its control
 * block and in a sanitizer's record of it, though the thread has long taken it. */
static bool is_start_argument(uintptr_t slot) {
  uintptr_t before;
  return harena__copy_word(slot - sizeof before, &before) && harena__is_code(before);
}

static const harena__thread *thread_at(uintptr_t slot, const harena__roots *roots) {
  for (size_t i = 0; i < roots->threads.count; i++) {
    const harena__thread *thread = &roots->threads.list[i];
    uintptr_t low = thread->control - roots->static_tls;
    if (thread->control && slot >= low && slot < thread->control + HARENA__CONTROL_SIZE) {
      return thread;
    }
  }
  return NULL;
}

static bool classify_thread_block(uintptr_t slot, const harena__thread *thread,
                                  harena__holder_record *out) {
  out->kind = HARENA__HOLDER_THREAD_LOCAL;
  return slot < thread->control || !is_start_argument(slot);
}

static bool is_inside(const harena__entry *entry, uintptr_t slot) {
  return slot - (uintptr_t)harena__unhide(entry->hidden_block) < entry->size;
}

static bool is_arenas(uintptr_t slot) {
  return harena__region_of((const void *)slot) || harena__cage_holds((const void *)slot);
}

static bool copy_live_block(uintptr_t slot, harena__entry *out) {
  return harena__ledger_copy((const void *)slot, out) && out->state == HARENA_LIVE &&
         is_inside(out, slot);
}

bool harena__is_dead_memory(uintptr_t slot) {
  harena__entry entry;
  return is_arenas(slot) && !copy_live_block(slot, &entry);
}

static bool classify_arenas(uintptr_t slot, harena__holder_record *out) {
  out->kind = HARENA__HOLDER_ARENA;
  out->block = &out->home;
  return copy_live_block(slot, &out->home);
}

static bool is_own_fake_frame(uintptr_t slot) {
  void *fake_stack = __asan_get_current_fake_stack();
  void *start;
  void *end;
  return fake_stack && __asan_addr_is_in_fake_stack(fake_stack, (void *)slot, &start, &end);
}

/* What is no variable of the frame is left from one that lay there before. */
static bool classify_mapping(uintptr_t slot, bool alone, harena__holder_record *out) {
  char name[8] = "";
  if (harena__find_in_frame(slot, name, sizeof name)) {
    out->weak = alone || !*name || is_own_fake_frame(slot);
    out->kind = out->weak ? HARENA__HOLDER_FRAME : HARENA__HOLDER_THREAD;
    return true;
  }
  out->kind = HARENA__HOLDER_HEAP;
  return !__asan_locate_address || !is_start_argument(slot);
}

static bool classify_heap(uintptr_t slot, const harena__sighting *sighting,
                          const harena__roots *roots, harena__holder_record *out) {
  harena__heap_block block;
  out->kind = HARENA__HOLDER_HEAP;
  switch (harena__find_heap_block(slot, roots->heap, sighting->root->range, &block)) {
    case HARENA__HEAP_LIVE:
      return true;
    case HARENA__HEAP_DEAD:
      return false;
    case HARENA__HEAP_UNSURE:
      out->weak = true;
      return true;
    default:
      return classify_mapping(slot, roots->threads.alone, out);
  }
}

static bool classify_memory(uintptr_t slot, const harena__sighting *sighting,
                            const harena__roots *roots, harena__holder_record *out) {
  const harena__thread *thread = thread_at(slot, roots);
  if (is_arenas(slot)) {
    return classify_arenas(slot, out);
  }
  if (harena__module_of(slot)) {
    out->kind = HARENA__HOLDER_GLOBAL;
    return true;
  }
  if (thread) {
    return classify_thread_block(slot, thread, out);
  }
  return classify_heap(slot, sighting, roots, out);
}

static bool classify(const harena__sighting *sighting, const harena__roots *roots,
                     harena__holder_record *out) {
  const harena__root *root = sighting->root;
  uintptr_t slot = slot_of(sighting);
  *out = (harena__holder_record){.slot = (const void *)slot,
                                 .target = harena__unhide(sighting->hidden_value)};
  switch (root->kind) {
    case HARENA__ROOT_OWN_STACK:
      out->kind = HARENA__HOLDER_FRAME;
      out->weak = true;
      return true;
    case HARENA__ROOT_THREAD_STACK: /* a thread that waits in the library has old words there */
      out->kind = HARENA__HOLDER_THREAD;
      out->weak = slot < root->thread->caller;
      return true;
    case HARENA__ROOT_THREAD_BLOCK:
      return classify_thread_block(slot, root->thread, out);
    case HARENA__ROOT_NAMED:
      out->kind = HARENA__HOLDER_REGISTERED;
      return true;
    default:
      return classify_memory(slot, sighting, roots, out);
  }
}

bool harena__classify_holder(const harena__sighting *sighting, const harena__roots *roots,
                             harena__holder_record *out) {
  if (!classify(sighting, roots, out)) {
    return false;
  }
  out->weak = out->weak || harena__is_in_jump_buffer(slot_of(sighting));
  return true;
}

/* ---- Names ---- */

static void set_name(harena__holder_record *out, const harena__line *line) {
  snprintf(out->name, sizeof out->name, "%.*s", (int)sizeof out->name - 1, line->text);
}

static void set_symbol(harena__holder_record *out, const char *symbol) {
  snprintf(out->symbol, sizeof out->symbol, "%s", symbol);
}

static void add_offset(harena__line *line, uintptr_t offset) {
  harena__add(line, "+");
  harena__add_number(line, offset);
}

static void take_symbol(const harena__symbol *symbol, void *context) {
  harena__symbol *out = context;
  *out = *symbol;
}

/* "(users.c:14, in ./server)" */
static void add_source(harena__line *line, const harena__data_symbol *variable,
                       const char *module) {
  harena__add(line, " (");
  if (*variable->file) {
    harena__add_name(line, variable->file);
    if (variable->line > 0) {
      harena__add(line, ":");
      harena__add_number(line, variable->line);
    }
    harena__add(line, ", ");
  }
  harena__add(line, "in ");
  harena__add_name(line, module);
  harena__add(line, ")");
}

static void take_variable(const harena__data_symbol *variable, uintptr_t slot,
                          harena__holder_record *out) {
  set_symbol(out, variable->name);
  strcpy(out->file, variable->file);
  out->line = variable->line;
  if (variable->to_next != 0) {
    out->next_part = slot - variable->offset + (uintptr_t)variable->to_next;
  }
}

static void add_variable(harena__line *line, const char *storage,
                         const harena__data_symbol *variable, const char *module) {
  harena__add(line, storage);
  harena__add(line, " ");
  harena__add_name(line, variable->name);
  add_offset(line, variable->offset);
  add_source(line, variable, module);
}

static void name_global(uintptr_t slot, harena__holder_record *out) {
  harena__line line = {0};
  harena__symbol place;
  harena__data_symbol variable;
  const harena__module *module = harena__module_of(slot);
  harena__symbolize(slot + 1, true, take_symbol, &place);
  if (harena__find_data_symbol(module, HARENA__STATIC_STORAGE, slot - module->bias, &variable)) {
    out->kind = variable.local ? HARENA__HOLDER_STATIC : HARENA__HOLDER_GLOBAL;
    add_variable(&line, harena__holder_kind_name(out->kind), &variable, place.module);
    take_variable(&variable, slot, out);
  } else {
    harena__add(&line, "global (");
    harena__add_name(&line, place.module);
    harena__add(&line, "+");
    harena__add_hex(&line, place.offset);
    harena__add(&line, ")");
  }
  set_name(out, &line);
}

static void name_thread_local(uintptr_t slot, const harena__thread *thread,
                              harena__holder_record *out) {
  harena__line line = {0};
  harena__data_symbol variable;
  harena__symbol place;
  const harena__module *module = harena__find_thread_variable(slot, thread->control, &variable);
  if (module) {
    harena__symbolize(module->start + 1, true, take_symbol, &place);
    add_variable(&line, "thread-local", &variable, place.module);
    take_variable(&variable, slot, out);
  } else {
    harena__add(&line, "thread-local memory at ");
    harena__add_hex(&line, slot);
  }
  harena__add(&line, " of thread ");
  harena__add_number(&line, (uint64_t)thread->id);
  set_name(out, &line);
}

static void name_arena(uintptr_t slot, harena__holder_record *out) {
  harena__line line = {0};
  harena__symbol place;
  const harena__watch *watch = harena__ledger_watch_of(out->block);
  harena__add(&line, "arena \"");
  harena__add_name(&line, watch ? watch->name : "unknown");
  harena__add(&line, "\" ");
  size_t offset = slot - (uintptr_t)harena__unhide(out->block->hidden_block);
  bool has_field = harena__add_field(&line, out->block, offset);
  if (!has_field) {
    harena__add(&line, "block of ");
    harena__add_number(&line, out->block->size);
    harena__add(&line, " bytes");
  }
  if (harena__first_user_frame(out->block->allocated, false, &place)) {
    harena__add(&line, " allocated at ");
    harena__add_place(&line, &place);
  }
  if (!has_field) {
    harena__add(&line, " ");
    add_offset(&line, offset);
  }
  set_name(out, &line);
  set_symbol(out, watch ? watch->name : "");
}

/* The innermost function of the program that allocated a block names it. */
static void find_heap_stack(uintptr_t slot, harena__holder_record *out, harena__line *line) {
  harena__symbol place = {0};
  out->depth = harena__heap_block_stack(slot, out->frames, HARENA__HOLDER_FRAMES);
  if (out->depth > 1) {
    harena__symbolize(out->frames[1], false, take_symbol, &place);
    harena__add(line, " allocated at ");
    harena__add_place(line, &place);
    set_symbol(out, place.function);
  }
}

static void name_heap(uintptr_t slot, const harena__sighting *sighting, const harena__roots *roots,
                      harena__holder_record *out) {
  harena__line line = {0};
  harena__heap_block block;
  harena__find_heap_block(slot, roots->heap, sighting->root->range, &block);
  if (block.start) {
    harena__add(&line, "heap block of ");
    harena__add_number(&line, block.size);
    harena__add(&line, " bytes");
    find_heap_stack(slot, out, &line);
    harena__add(&line, " ");
    add_offset(&line, slot - block.start);
  } else {
    harena__add(&line, "heap or mapped memory at ");
    harena__add_hex(&line, slot);
  }
  set_name(out, &line);
}

/* "frame of worker (pool.c:77)" */
static void add_frame(harena__line *line, uintptr_t slot, harena__range stack,
                      harena__holder_record *out) {
  uintptr_t code = harena__function_of_frame(slot, stack);
  harena__symbol place = {0};
  if (code) {
    harena__symbolize(code, false, take_symbol, &place);
  }
  harena__add(line, "frame of ");
  harena__add_name(line, *place.function ? place.function : "an unknown function");
  if (code) {
    harena__add(line, " (");
    harena__add_place(line, &place);
    harena__add(line, ")");
  }
  set_symbol(out, place.function);
}

static void name_stack(uintptr_t slot, const harena__root *root, harena__holder_record *out) {
  harena__line line = {0};
  if (root->kind == HARENA__ROOT_THREAD_STACK) {
    harena__add(&line, "thread ");
    harena__add_number(&line, (uint64_t)root->thread->id);
    harena__add(&line, ", ");
  }
  add_frame(&line, slot, root->range, out);
  set_name(out, &line);
}

/* Which thread's it is, ASan does not say. */
static void name_fake_frame(uintptr_t slot, harena__holder_record *out) {
  char variable[HARENA__HOLDER_SYMBOL] = "";
  harena__line line = {0};
  harena__find_in_frame(slot, variable, sizeof variable);
  harena__add(&line, out->weak ? "local variable " : "another thread, local variable ");
  harena__add_name(&line, *variable ? variable : "without a name");
  set_name(out, &line);
  set_symbol(out, variable);
}

static void name_root(uintptr_t slot, const harena__root *root, harena__holder_record *out) {
  harena__line line = {0};
  harena__add(&line, "registered root ");
  harena__add_name(&line, root->name);
  add_offset(&line, slot - root->range.start);
  set_name(out, &line);
  set_symbol(out, root->name);
}

void harena__name_holder(const harena__sighting *sighting, const harena__roots *roots,
                         harena__holder_record *out) {
  uintptr_t slot = slot_of(sighting);
  const harena__root *root = sighting->root;
  switch (out->kind) {
    case HARENA__HOLDER_GLOBAL:
      name_global(slot, out);
      break;
    case HARENA__HOLDER_THREAD_LOCAL:
      name_thread_local(slot, root->thread ? root->thread : thread_at(slot, roots), out);
      break;
    case HARENA__HOLDER_ARENA:
      name_arena(slot, out);
      break;
    case HARENA__HOLDER_THREAD:
    case HARENA__HOLDER_FRAME:
      if (root->kind == HARENA__ROOT_MEMORY) {
        name_fake_frame(slot, out);
      } else {
        name_stack(slot, root, out);
      }
      break;
    case HARENA__HOLDER_REGISTERED:
      name_root(slot, root, out);
      break;
    default:
      name_heap(slot, sighting, roots, out);
      break;
  }
}

void harena__name_registered(uintptr_t slot, harena__holder_record *out) {
  harena__holder_record variable = {.kind = HARENA__HOLDER_GLOBAL};
  harena__line line = {0};
  harena__add(&line, "registered ");
  if (harena__module_of(slot)) {
    name_global(slot, &variable);
    harena__add(&line, variable.name);
  } else {
    harena__add(&line, "pointer at ");
    harena__add_hex(&line, slot);
  }
  set_name(out, &line);
  set_symbol(out, variable.symbol);
  strcpy(out->file, variable.file);
  out->line = variable.line;
}
