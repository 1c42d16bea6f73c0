#include "symbolize.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "debug_info.h"
#include "modules.h"
#include "start_folder.h"

/* In every program that is linked with a sanitizer's runtime; takes the return address as it is.
 * The answer is one text for each inlined function, innermost first, and an empty one behind the
 * last. */
extern void __sanitizer_symbolize_pc(void *address, const char *format, char *out, size_t size)
    __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));
extern int __asan_report_present(void) __attribute__((weak));

static void copy_text(char *out, size_t size, const char *text, size_t length) {
  length = length < size ? length : size - 1;
  memcpy(out, text, length);
  out[length] = '\0';
}

/* ---- Paths ---------------------------------------------------------------------------------- */

static bool goes_up(const char *path) { return strncmp(path, "../", 3) == 0; }

/* "build/fast/../../server.c" is "server.c": as many steps down as up. */
static const char *skip_detour(const char *path) {
  const char *at = path;
  int depth = 0;
  for (; !goes_up(at); depth++) {
    const char *slash = strchr(at, '/');
    if (!slash) {
      return path;
    }
    at = slash + 1;
  }
  for (; goes_up(at); depth--) {
    at += 3;
  }
  return depth == 0 ? at : path;
}

const char *harena__short_path(const char *path) {
  const char *start = harena__start_folder();
  size_t length = strlen(start);
  if (length > strlen("/") && strncmp(path, start, length) == 0) {
    path += length;
  }
  path = skip_detour(path);
  while (goes_up(path)) {
    path += 3;
  }
  return path;
}

void harena__symbolize_start(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, harena__note_modules);
}

/* ---- Each way to a name --------------------------------------------------------------------- */

struct request {
  harena__symbol symbol; /* module and offset are the same for all inlined functions */
  void (*each)(const harena__symbol *symbol, void *context);
  void *context;
  bool named;
};

static void give(struct request *request, const char *function, size_t function_length,
                 const char *file, unsigned line) {
  harena__symbol *symbol = &request->symbol;
  copy_text(symbol->function, sizeof symbol->function, function, function_length);
  const char *path = harena__short_path(file);
  copy_text(symbol->file, sizeof symbol->file, path, strlen(path));
  symbol->line = line;
  request->named = true;
  request->each(symbol, request->context);
}

/* What sanitizers write for what they do not know: "<null>", "??", "<can't symbolize>". */
static bool is_known(const char *text) { return *text != '\0' && *text != '<' && *text != '?'; }

/* "function\nfile\nline", cut into its parts in place. */
static void give_sanitizers_answer(struct request *request, char *answer) {
  char *file = strchr(answer, '\n');
  char *line = file ? strchr(file + 1, '\n') : NULL;
  if (!line || !is_known(answer)) {
    return;
  }
  *file++ = '\0';
  *line++ = '\0';
  give(request, answer, strlen(answer), is_known(file) ? file : "",
       (unsigned)strtoul(line, NULL, 10));
}

static void ask_sanitizer(struct request *request, uintptr_t return_address) {
  /* Zeroed, because MemorySanitizer does not see its own runtime write. */
  char answers[4096] = {0};
  __sanitizer_symbolize_pc((void *)return_address, "%f\n%s\n%l", answers, sizeof answers - 1);
  char *end = answers + sizeof answers;
  for (char *answer = answers; answer < end && *answer;) {
    char *next = answer + strlen(answer) + 1;
    give_sanitizers_answer(request, answer);
    answer = next;
  }
}

static void take_debug_info(const char *function, const char *file, unsigned line, void *context) {
  const char *name = function ? function : "";
  give(context, name, strlen(name), file ? file : "", line);
}

static void find_module(harena__symbol *symbol, uintptr_t instruction) {
  const harena__module *module = harena__module_of(instruction);
  symbol->offset = instruction;
  if (module) {
    const char *path = harena__short_path(module->path);
    copy_text(symbol->module, sizeof symbol->module, path, strlen(path));
    symbol->offset = instruction - module->bias;
  }
}

/* Our own reader comes first: what a sanitizer's maps for itself is the program's to a scan of
 * memory. In a report of AddressSanitizer theirs has read the files already. Under MemorySanitizer
 * our own is not asked at all: what libbacktrace hands over would count as uninitialised. */
static void find_names(struct request *request, uintptr_t return_address, uintptr_t instruction) {
  bool theirs_first = __msan_init || (__asan_report_present && __asan_report_present());
  if (theirs_first) {
    ask_sanitizer(request, return_address);
  }
  if (!request->named && !__msan_init) {
    harena__read_debug_info(instruction, take_debug_info, request);
  }
  if (!request->named && !theirs_first && __sanitizer_symbolize_pc) {
    ask_sanitizer(request, return_address);
  }
}

void harena__symbolize(uintptr_t return_address, bool in_signal_handler,
                       void (*each)(const harena__symbol *symbol, void *context), void *context) {
  struct request request = {.each = each, .context = context};
  uintptr_t instruction = return_address - 1; /* what follows a call may be another line */
  if (!in_signal_handler) {
    harena__symbolize_start();
    harena__note_modules();
  }
  find_module(&request.symbol, instruction);
  if (!in_signal_handler) {
    find_names(&request, return_address, instruction);
  }
  if (!request.named) {
    each(&request.symbol, context);
  }
}
