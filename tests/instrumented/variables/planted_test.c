/* Names and lines of variables of C++. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "escape/data_symbols.h"
#include "planted.h"

static harena__data_symbol find(const void *place) {
  harena__data_symbol variable = {.line = 0};
  harena__note_modules();
  const harena__module *module = harena__module_of((uintptr_t)place);
  assert_non_null(module);
  assert_true(harena__find_data_symbol(module, HARENA__STATIC_STORAGE,
                                       (uintptr_t)place - module->bias, &variable));
  assert_non_null(strstr(variable.file, "planted.cpp"));
  return variable;
}

static void variables_of_a_namespace(void **state) {
  (void)state;
  harena__data_symbol variable = find(bed_of_garden() + 1);
  assert_string_equal(variable.name, "garden::bed");
  assert_int_equal(variable.line, BED);
  assert_int_equal(variable.offset, sizeof(char *));
}

static void variables_of_a_class(void **state) {
  (void)state;
  harena__data_symbol variable = find(tool_of_shed());
  assert_string_equal(variable.name, "garden::Shed::tool");
  assert_true(variable.line == TOOL_DECLARED || variable.line == TOOL_DEFINED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(variables_of_a_namespace),
      cmocka_unit_test(variables_of_a_class),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
