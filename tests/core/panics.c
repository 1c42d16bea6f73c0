#include "panics.h"

#include <stdio.h>

#include "core_test.h"

jmp_buf panic_exit;

static char last_message[512];
static harena_panic_handler *handler_before;

static void jump_back(const char *message) {
  snprintf(last_message, sizeof last_message, "%s", message);
  longjmp(panic_exit, 1);
}

void expect_panic(void) {
  last_message[0] = '\0';
  handler_before = harena_set_panic_handler(jump_back);
}

static void restore_handler(void) {
  assert_ptr_equal(harena_set_panic_handler(handler_before), jump_back);
}

void fail_without_panic(const char *statement) {
  restore_handler();
  fail_msg("no panic in: %s", statement);
}

void check_panic(const char *text) {
  restore_handler();
  if (!strstr(last_message, text)) {
    fail_msg("panic message \"%s\" lacks \"%s\"", last_message, text);
  }
}

const char *panic_message(void) { return last_message; }
