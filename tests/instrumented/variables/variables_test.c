/* Names and lines of variables: with debug information (the argument is a library to load), with
 * symbols only (the argument is "symbols"), or stripped (no argument). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "declared.h"
#include "escape/thread_variables.h"
#include "report/symbolize.h"

static const char *library;

static int start(void **state) {
  (void)state;
  harena__symbolize_start();
  return 0;
}

static bool find(const void *place, harena__data_symbol *out) {
  const harena__module *module = harena__module_of((uintptr_t)place);
  assert_non_null(module);
  memset(out, 0, sizeof *out);
  return harena__find_data_symbol(module, HARENA__STATIC_STORAGE, (uintptr_t)place - module->bias,
                                  out);
}

static void assert_file(const harena__data_symbol *variable, const char *file) {
  const char *slash = strrchr(variable->file, '/');
  assert_string_equal(slash ? slash + 1 : variable->file, file);
}

static void assert_declared(const void *place, const char *name, const char *file, unsigned line) {
  harena__data_symbol variable;
  assert_true(find(place, &variable));
  assert_non_null(strstr(variable.name, name));
  assert_file(&variable, file);
  assert_int_equal(variable.line, line);
  assert_int_equal(variable.offset, 0);
}

static void a_global_is_where_it_is_defined(void **state) {
  (void)state;
  assert_declared(defined, "defined", "declared.c", DEFINED);
}

static void statics(void **state) {
  (void)state;
  assert_declared(static_in_file(), "in_file", "declared.c", IN_FILE);
  assert_declared(static_in_function(), "in_function", "declared.c", IN_FUNCTION);
}

static void a_place_in_an_array(void **state) {
  (void)state;
  harena__data_symbol variable;
  assert_true(find(array_of_pairs() + 7, &variable));
  assert_string_equal(variable.name, "pairs");
  assert_int_equal(variable.line, PAIRS);
  assert_int_equal(variable.offset, 7 * sizeof(char *));
}

/* Linkers put such labels where variables begin. */
__asm__(
    ".pushsection .data\n"
    ".type label, %object\n"
    "label:\n"
    ".globl behind_label\n"
    ".type behind_label, %object\n"
    ".size behind_label, 8\n"
    "behind_label: .zero 8\n"
    ".popsection\n");
extern char behind_label[8];

static void a_label_without_a_size_is_no_variable(void **state) {
  (void)state;
  assert_declared(behind_label, "behind_label", "", 0);
}

static void a_thread_local(void **state) {
  (void)state;
  harena__data_symbol variable = {.line = 0};
  assert_non_null(harena__find_thread_variable((uintptr_t)&of_a_thread[1],
                                               (uintptr_t)pthread_self(), &variable));
  assert_string_equal(variable.name, "of_a_thread");
  assert_int_equal(variable.line, OF_A_THREAD);
  assert_int_equal(variable.offset, sizeof(char *));
}

static void files_are_relative_to_where_the_program_was_started(void **state) {
  (void)state;
  harena__data_symbol variable;
  assert_true(find(defined, &variable));
  assert_int_not_equal(variable.file[0], '/');
  assert_int_not_equal(strncmp(variable.file, "../", 3), 0);
}

static void assert_short(const char *path, const char *expected) {
  assert_string_equal(harena__short_path(path), expected);
}

static void detours_are_left_out(void **state) {
  (void)state;
  assert_short("build/fast/../../src/server.c", "src/server.c");
  assert_short("build/../server.c", "server.c");
  assert_short("../../src/server.c", "src/server.c");
  assert_short("src/server.c", "src/server.c");
  assert_short("server.c", "server.c");
  assert_short("a/b/../server.c", "a/b/../server.c");
  assert_short("/a/../server.c", "/a/../server.c");
  assert_short("", "");
}

static void a_library_loaded_later(void **state) {
  (void)state;
  void *loaded = dlopen(library, RTLD_NOW);
  assert_non_null(loaded);
  const void *place = dlsym(loaded, "of_the_library");
  assert_non_null(place);
  harena__note_modules();
  assert_declared(place, "of_the_library", "loaded.c", 4);
  dlclose(loaded);
}

static void symbols_give_names_and_files_of_statics(void **state) {
  (void)state;
  assert_declared(defined, "defined", "", 0);
  assert_declared(static_in_file(), "in_file", "declared.c", 0);
}

static void what_is_stripped_has_no_name(void **state) {
  (void)state;
  harena__data_symbol variable;
  assert_false(find(static_in_file(), &variable));
}

static int run_with_symbols(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(symbols_give_names_and_files_of_statics),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}

static int run_stripped(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_stripped_has_no_name),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}

static int run_with_debug_information(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_global_is_where_it_is_defined),
      cmocka_unit_test(statics),
      cmocka_unit_test(a_place_in_an_array),
      cmocka_unit_test(a_label_without_a_size_is_no_variable),
      cmocka_unit_test(a_thread_local),
      cmocka_unit_test(files_are_relative_to_where_the_program_was_started),
      cmocka_unit_test(detours_are_left_out),
      cmocka_unit_test(a_library_loaded_later),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}

int main(int count, char **arguments) {
  if (count < 2) {
    return run_stripped();
  }
  if (strcmp(arguments[1], "symbols") == 0) {
    return run_with_symbols();
  }
  library = arguments[1];
  return run_with_debug_information();
}
