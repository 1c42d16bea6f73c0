#include "surroundings.h"

#include <stdio.h>
#include <string.h>

#include "report/symbolize.h"

harena__watch request = {.id = 1,
                         .open = true,
                         .hidden_handle = ~(uintptr_t)RECORD_ADDRESS,
                         .generation = 7,
                         .opened = in_main,
                         .name = "request"};
harena__watch other = {
    .id = 2, .open = true, .generation = 1, .opened = in_handle, .name = "other"};

harena__entry live_block(void) {
  return (harena__entry){.hidden_block = ~(uintptr_t)BLOCK_ADDRESS,
                         .size = 48,
                         .arena = 1,
                         .generation = 7,
                         .allocated = in_parse_user,
                         .state = HARENA_LIVE};
}

harena__watch *harena__ledger_watch_of(const harena__entry *entry) {
  return entry->arena == request.id ? &request : entry->arena == other.id ? &other : NULL;
}

/* An address is the number of a function here; when `inlined`, it is so into the next one. */
struct function {
  const char *name, *file;
  unsigned line;
  bool inlined;
};
enum { PARSE = 1, HANDLE_PARSE, HANDLE_CLEAR, MAIN, HANDLE_USE, NEW, ALLOC, READ, FILL, ODD };
static const struct function functions[] = {
    [PARSE] = {"parse_user", "users.c", 42, false},
    [HANDLE_PARSE] = {"handle", "server.c", 120, false},
    [HANDLE_CLEAR] = {"handle", "server.c", 131, false},
    [MAIN] = {"main", "server.c", 88, false},
    [HANDLE_USE] = {"handle", "server.c", 140, false},
    [NEW] = {"harena_new", "arena.h", 500, false},
    [ALLOC] = {"harena_alloc", "arena.h", 400, false},
    [READ] = {"read_line", "lines.c", 3, true},
    [FILL] = {"fill", "lines.c", 7, false},
    [ODD] = {"odd\tname\n\x1b[31m\xff", "a\rb.c", 1, false},
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0], MODULE = 0x1000, NO_MODULE = 0x9000 };

static const uintptr_t stacks[][4] = {
    [in_parse_user] = {PARSE, HANDLE_PARSE},
    [in_handle] = {HANDLE_CLEAR},
    [in_main] = {MAIN},
    [bad_call] = {HANDLE_USE},
    [through_library] = {NEW, ALLOC, READ},
    [only_library] = {ALLOC},
    [without_names] = {MODULE + 0x10, MODULE + 0x20},
    [nowhere] = {NO_MODULE},
    [of_strange_name] = {ODD},
};

static const uintptr_t *endless_frames(size_t *depth) {
  static uintptr_t frames[4000];
  *depth = sizeof frames / sizeof frames[0];
  for (size_t i = 0; i < *depth; i++) {
    frames[i] = PARSE;
  }
  return frames;
}

const uintptr_t *harena__frames(harena__stack stack, size_t *depth) {
  if (stack == endless) {
    return endless_frames(depth);
  }
  *depth = 0;
  while (*depth < 4 && stacks[stack][*depth] != 0) {
    ++*depth;
  }
  return stacks[stack];
}

void harena__symbolize_start(void) {}

const char *harena_version(void) { return "1.2.3"; }

void harena__symbolize(uintptr_t address, bool in_signal_handler,
                       void (*each)(const harena__symbol *symbol, void *context), void *context) {
  harena__symbol symbol = {.offset = address};
  strcpy(symbol.module, address < NO_MODULE ? "build/server" : "");
  if (address >= FUNCTIONS || in_signal_handler) {
    each(&symbol, context);
    return;
  }
  for (const struct function *next = &functions[address];; next++) {
    snprintf(symbol.function, sizeof symbol.function, "%s", next->name);
    snprintf(symbol.file, sizeof symbol.file, "%s", next->file);
    symbol.line = next->line;
    each(&symbol, context);
    if (!next->inlined) {
      return;
    }
  }
}
