/* Names of C++, as compilers write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/demangle.h"

static void assert_demangled(const char *mangled, const char *expected) {
  harena__line line = {0};
  assert_true(harena__demangle(mangled, &line));
  assert_string_equal(line.text, expected);
}

static void assert_unknown(const char *name) {
  harena__line line = {0};
  assert_false(harena__demangle(name, &line));
  assert_string_equal(line.text, "");
}

static void functions(void **state) {
  (void)state;
  assert_demangled("_Z4fillv", "fill");
  assert_demangled("_ZL6hiddenPKc", "hidden");
  assert_demangled("_ZN4shop6Basket3addEi", "shop::Basket::add");
  assert_demangled("_ZNK4shop6Basket4sizeEv", "shop::Basket::size");
  assert_demangled("_ZN4shopL6hiddenERKNS_6BasketE", "shop::hidden");
  assert_demangled("_ZN4shop12_GLOBAL__N_14anonEv", "shop::(anonymous namespace)::anon");
  assert_demangled("_ZSt4moveIRiEONSt16remove_referenceIT_E4typeEOS2_", "std::move");
  assert_demangled("_ZNSt6thread4joinEv", "std::thread::join");
}

static void constructors_and_destructors(void **state) {
  (void)state;
  assert_demangled("_ZN4shop6BasketC2Ev", "shop::Basket::Basket");
  assert_demangled("_ZN4shop6BasketD0Ev", "shop::Basket::~Basket");
  assert_demangled("_ZN5TableILi5EEC1Ev", "Table<...>::Table");
}

static void templates(void **state) {
  (void)state;
  assert_demangled("_ZN4shop6Basket4makeIPKcEEPT_S4_", "shop::Basket::make<...>");
  assert_demangled("_ZN4shop5TableILi5EE2goEv", "shop::Table<...>::go");
  assert_demangled("_ZN4shop1PINS_5TableILi5EEENS0_IPiRKcEEE1qEv", "shop::P<...>::q");
  assert_demangled("_ZN1PIA3_iDnJST0_EE1qEv", "P<...>::q");
  assert_demangled("_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<...>::push_back");
  assert_demangled("_ZN1PIPFviEE1qEv", "P<...>::q");
}

static void what_is_not_known_stays(void **state) {
  (void)state;
  assert_unknown("");
  assert_unknown("main");
  assert_unknown("_Z");
  assert_unknown("_ZN");
  assert_unknown("_ZN4shop");
  assert_unknown("_ZN9shopEv"); /* longer than the name is */
  assert_unknown("_ZN99999999999999999999999999shopEv");
  assert_unknown("_ZN4shopplERKNS_6BasketEi"); /* an operator */
  assert_unknown("_ZZN4shop1fEvENKUliE_clEi"); /* a lambda */
  assert_unknown("_ZN1PIXadL_Z1fvEEE1qEv");    /* an expression */
  assert_unknown("_ZN1PI");
  assert_unknown("_ZNC1Ev");
  assert_unknown("_ZN1PIS");
  assert_unknown("_ZN1PIT0");
  assert_unknown("_ZN1PIL");
  assert_unknown("_ZN1PILi5");
}

/* Every start of a name, as a file that was cut has them. */
static void starts_of_names_are_no_harm(void **state) {
  (void)state;
  static const char whole[] = "_ZNK4shop1PINS_5TableILi5EEENS0_IPiRKcEEEC1EvA3_iDnSt";
  for (size_t length = 0; length < sizeof whole; length++) {
    char start[sizeof whole] = "";
    memcpy(start, whole, length);
    harena__line line = {0};
    harena__demangle(start, &line);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(functions),
      cmocka_unit_test(constructors_and_destructors),
      cmocka_unit_test(templates),
      cmocka_unit_test(what_is_not_known_stays),
      cmocka_unit_test(starts_of_names_are_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
