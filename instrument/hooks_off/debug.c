/* harena/debug.h where nobody watches. */
#include <harena/debug.h>

bool harena_instrumented(void) { return false; }

bool harena_describe(const void *address, harena_description *out) {
  (void)address;
  (void)out;
  return false;
}

size_t harena_check(harena *arena) {
  (void)arena;
  return 0;
}

void harena_hand_over(harena *arena) { (void)arena; }

void harena_set_report_callback(harena_report_fn *callback, void *context) {
  (void)callback;
  (void)context;
}

size_t harena_findings(void) { return 0; }

HARENA_ATTRIBUTE(weak) const char *harena_default_options(void) { return ""; }
