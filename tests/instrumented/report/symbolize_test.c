/* Names for addresses in this program: with debug information (the argument is a plugin to load),
 * with symbols only (the argument is "symbols"), or stripped (no argument). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "landmarks.h"
#include "report/symbolize.h"

extern void __sanitizer_symbolize_pc(void *, const char *, char *, size_t) __attribute__((weak));

static const char *plugin_path;

/* ---- Visits --------------------------------------------------------------------------------- */

enum { MOST_FRAMES = 4 };
static harena__symbol frames[MOST_FRAMES];
static size_t frame_count;
static uintptr_t visited; /* the return address of the last visit */

static void collect(const harena__symbol *symbol, void *context) {
  assert_ptr_equal(context, frames);
  assert_true(frame_count < MOST_FRAMES);
  frames[frame_count++] = *symbol;
}

__attribute__((noinline)) static void visit(void) {
  visited = (uintptr_t)__builtin_return_address(0);
}

static void symbolize(bool in_signal_handler) {
  frame_count = 0;
  harena__symbolize(visited, in_signal_handler, collect, frames);
  assert_true(frame_count > 0);
}

static void assert_frame(size_t i, const char *function, unsigned line) {
  assert_true(i < frame_count);
  assert_string_equal(frames[i].function, function);
  const char *slash = strrchr(frames[i].file, '/');
  assert_string_equal(slash ? slash + 1 : frames[i].file, "landmarks.c");
  assert_int_equal(frames[i].line, line);
}

static int take_bias(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  *(uintptr_t *)context = info->dlpi_addr;
  return 1; /* the first is the program */
}

/* The module is this program, the offset that of the call's last byte in the file's own terms. */
static void assert_module(const harena__symbol *symbol) {
  uintptr_t bias = 0;
  dl_iterate_phdr(take_bias, &bias);
  assert_int_equal(symbol->offset, visited - 1 - bias);
  char path[512] = "";
  assert_true(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
  const char *name = strrchr(symbol->module, '/');
  assert_string_equal(name ? name + 1 : symbol->module, strrchr(path, '/') + 1);
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static void a_function(void **state) {
  (void)state;
  landmark(visit);
  symbolize(false);
  assert_int_equal(frame_count, 1);
  assert_frame(0, "landmark", IN_LANDMARK);
  assert_module(&frames[0]);
}

static void a_static_function(void **state) {
  (void)state;
  call_hidden(visit);
  symbolize(false);
  assert_frame(0, "hidden", IN_HIDDEN);
}

static void an_inlined_function(void **state) {
  (void)state;
  around_inlined(visit);
  symbolize(false);
  assert_int_equal(frame_count, 2);
  assert_frame(0, "inlined", IN_INLINED);
  assert_frame(1, "around_inlined", IN_AROUND_INLINED);
  assert_module(&frames[0]);
  assert_module(&frames[1]);
}

static void files_are_relative_to_where_the_program_was_started(void **state) {
  (void)state;
  landmark(visit);
  symbolize(false);
  char folder[256];
  assert_non_null(getcwd(folder, sizeof folder));
  assert_int_not_equal(strncmp(frames[0].file, folder, strlen(folder)), 0);
  assert_int_not_equal(strncmp(frames[0].file, "../", 3), 0);
  assert_int_not_equal(strncmp(frames[0].module, folder, strlen(folder)), 0);
}

static void handler(int number) {
  (void)number;
  symbolize(true);
}

static void a_signal_handler_gets_module_and_offset(void **state) {
  (void)state;
  harena__symbolize_start();
  landmark(visit);
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
  assert_int_equal(frame_count, 1);
  assert_string_equal(frames[0].function, "");
  assert_string_equal(frames[0].file, "");
  assert_module(&frames[0]);
}

static void a_stripped_program_gives_module_and_offset(void **state) {
  (void)state;
  call_hidden(visit);
  symbolize(false);
  assert_int_equal(frame_count, 1);
  assert_string_equal(frames[0].file, "");
  assert_module(&frames[0]);
  if (!__sanitizer_symbolize_pc) { /* which may take the nearest exported name for it */
    assert_string_equal(frames[0].function, "");
  }
}

static void a_plugin_loaded_later(void **state) {
  (void)state;
  landmark(visit);
  symbolize(false); /* modules have been looked at */
  void *plugin = dlopen(plugin_path, RTLD_NOW);
  assert_non_null(plugin);
  void (*plugin_landmark)(visitor *) = NULL;
  *(void **)&plugin_landmark = dlsym(plugin, "plugin_landmark");
  assert_non_null(plugin_landmark);
  plugin_landmark(visit);
  symbolize(false);
  assert_string_equal(frames[0].function, "plugin_landmark");
  assert_int_equal(frames[0].line, 5);
  assert_non_null(strstr(frames[0].module, "plugin"));
  dlclose(plugin);
  landmark(visit);
  symbolize(false);
  assert_frame(0, "landmark", IN_LANDMARK);
}

static void an_address_in_no_module(void **state) {
  (void)state;
  visited = 0x1001;
  symbolize(false);
  assert_int_equal(frame_count, 1);
  assert_string_equal(frames[0].function, "");
  assert_string_equal(frames[0].module, "");
  assert_int_equal(frames[0].offset, 0x1000);
}

static void note_line(const harena__symbol *symbol, void *context) {
  *(unsigned *)context = symbol->line;
}

static void *symbolize_often(void *context) {
  for (int i = 0; i < 20; i++) {
    harena__symbolize(visited, false, note_line, context);
    if (*(unsigned *)context != IN_LANDMARK) {
      break;
    }
  }
  return NULL;
}

static void threads_at_once(void **state) {
  (void)state;
  pthread_t threads[4];
  unsigned lines[4] = {0};
  landmark(visit);
  for (int i = 0; i < 4; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, symbolize_often, &lines[i]), 0);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
  }
  for (int i = 0; i < 4; i++) {
    assert_int_equal(lines[i], IN_LANDMARK);
  }
}

static void symbols_give_the_function(void **state) {
  (void)state;
  landmark(visit);
  symbolize(false);
  assert_int_equal(frame_count, 1);
  /* or landmark.constprop.0, with link-time optimization */
  assert_memory_equal(frames[0].function, "landmark", strlen("landmark"));
  assert_int_equal(frames[0].line, 0); /* some readers know the file even then */
  assert_module(&frames[0]);
}

static int run_with_symbols(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(symbols_give_the_function),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

static int run_stripped(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stripped_program_gives_module_and_offset),
      cmocka_unit_test(a_signal_handler_gets_module_and_offset),
      cmocka_unit_test(an_address_in_no_module),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

static int run_with_debug_information(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_at_once), /* first, so that threads meet the first use */
      cmocka_unit_test(a_function),
      cmocka_unit_test(a_static_function),
      cmocka_unit_test(an_inlined_function),
      cmocka_unit_test(files_are_relative_to_where_the_program_was_started),
      cmocka_unit_test(a_signal_handler_gets_module_and_offset),
      cmocka_unit_test(a_plugin_loaded_later),
      cmocka_unit_test(an_address_in_no_module),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int count, char **arguments) {
  if (count < 2) {
    return run_stripped();
  }
  if (strcmp(arguments[1], "symbols") == 0) {
    return run_with_symbols();
  }
  plugin_path = arguments[1];
  return run_with_debug_information();
}
