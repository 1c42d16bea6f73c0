#include "frames.h"

#include <string.h>

bool harena__is_own_function(const harena__symbol *symbol) {
  return strncmp(symbol->function, "harena_", strlen("harena_")) == 0;
}

struct search {
  harena__symbol *out;
  bool found;
};

static void take_user_frame(const harena__symbol *symbol, void *context) {
  struct search *search = context;
  if (!search->found && !harena__is_own_function(symbol)) {
    *search->out = *symbol;
    search->found = true;
  }
}

bool harena__first_user_frame(harena__stack stack, bool in_signal_handler, harena__symbol *out) {
  size_t depth = 0;
  const uintptr_t *frames = stack ? harena__frames(stack, &depth) : NULL;
  struct search search = {.out = out};
  for (size_t i = 0; i < depth && !search.found; i++) {
    harena__symbolize(frames[i], in_signal_handler, take_user_frame, &search);
  }
  return search.found;
}

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
