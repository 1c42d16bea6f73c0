#include "frames.h"

#include <string.h>

/* ---- The library's own ---------------------------------------------------------------------- */

/* At -O0 the public inline functions have frames. In C they are the library's, and lie in a section
 * of their own (hooks.h), whose ends the linker names. */
#define LIMIT __attribute__((weak, visibility("hidden")))
extern const char __start_harena_inline[] LIMIT;
extern const char __stop_harena_inline[] LIMIT;

/* A call's last byte: what follows it may be another function. */
static bool is_own_call(uintptr_t return_address) {
  uintptr_t start = (uintptr_t)__start_harena_inline;
  uintptr_t end = (uintptr_t)__stop_harena_inline;
  return return_address - 1 - start < end - start;
}

/* In C++ they are the program's. */
static bool is_own_function(const harena__symbol *symbol) {
  return strncmp(symbol->function, "harena_", strlen("harena_")) == 0 ||
         strncmp(symbol->function, "harena::", strlen("harena::")) == 0;
}

harena__trace harena__trace_of(harena__stack stack) {
  harena__trace trace = {0};
  if (stack != 0) {
    trace.frames = harena__frames(stack, &trace.depth);
  }
  return trace;
}

/* ---- All frames ----------------------------------------------------------------------------- */

struct visit {
  harena__frame_fn *each;
  void *context;
  size_t next;
  bool shows_own;
  bool reached_main;
};

static void visit_frame(const harena__symbol *symbol, void *context) {
  struct visit *visit = context;
  if (visit->next == 0 && !visit->shows_own && is_own_function(symbol)) {
    return;
  }
  visit->each(symbol, visit->next++, visit->context);
  visit->reached_main = strcmp(symbol->function, "main") == 0;
}

static bool is_left_out(const struct visit *visit, uintptr_t return_address) {
  return visit->next == 0 && !visit->shows_own && is_own_call(return_address);
}

static void visit_frames(struct visit *visit, harena__trace trace, bool in_signal_handler) {
  for (size_t i = 0; i < trace.depth && !visit->reached_main; i++) {
    if (!is_left_out(visit, trace.frames[i])) {
      harena__symbolize(trace.frames[i], in_signal_handler, visit_frame, visit);
    }
  }
}

void harena__each_frame(harena__trace trace, bool in_signal_handler, harena__frame_fn *each,
                        void *context) {
  struct visit visit = {.each = each, .context = context};
  visit_frames(&visit, trace, in_signal_handler);
  if (visit.next == 0) {
    visit.shows_own = true;
    visit_frames(&visit, trace, in_signal_handler);
  }
}

/* ---- The first frame ------------------------------------------------------------------------ */

struct search {
  harena__symbol *out;
  bool found;
};

static void take_user_frame(const harena__symbol *symbol, void *context) {
  struct search *search = context;
  if (!search->found && !is_own_function(symbol)) {
    *search->out = *symbol;
    search->found = true;
  }
}

bool harena__first_user_frame(harena__stack stack, bool in_signal_handler, harena__symbol *out) {
  harena__trace trace = harena__trace_of(stack);
  struct search search = {.out = out};
  for (size_t i = 0; i < trace.depth && !search.found; i++) {
    if (!is_own_call(trace.frames[i])) {
      harena__symbolize(trace.frames[i], in_signal_handler, take_user_frame, &search);
    }
  }
  return search.found;
}

/* ---- As text -------------------------------------------------------------------------------- */

static void add_module(harena__line *line, const harena__symbol *symbol) {
  harena__add(line, "(");
  harena__add_name(line, symbol->module);
  harena__add(line, *symbol->module ? "+" : "");
  harena__add_hex(line, symbol->offset);
  harena__add(line, ")");
}

void harena__add_place(harena__line *line, const harena__symbol *symbol) {
  if (*symbol->file == '\0') {
    add_module(line, symbol);
    return;
  }
  harena__add_name(line, symbol->file);
  if (symbol->line > 0) {
    harena__add(line, ":");
    harena__add_number(line, symbol->line);
  }
}

void harena__add_frame(harena__line *line, const harena__symbol *symbol) {
  if (*symbol->function != '\0') {
    harena__add_name(line, symbol->function);
    harena__add(line, " ");
  }
  harena__add_place(line, symbol);
}
