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

size_t harena_find_leaks(void) { return 0; }

void harena_hand_over(harena *arena) { (void)arena; }

size_t harena_find_holders(const harena *arena, harena_holder_fn *each, void *context) {
  (void)arena;
  (void)each;
  (void)context;
  return 0;
}

bool harena_outlives(const void *target, const void *holder) {
  (void)target;
  (void)holder;
  return true;
}

void harena_track(void *slot) { (void)slot; }

void harena_untrack(void *slot) { (void)slot; }

void harena_may_dangle(void *slot, const char *reason) {
  (void)slot;
  (void)reason;
}

void harena_add_root(const void *start, size_t size, const char *name) {
  (void)start;
  (void)size;
  (void)name;
}

void harena_remove_root(const void *start) { (void)start; }

void harena_set_pointer_map(const void *block, const harena_pointer_map *map) {
  (void)block;
  (void)map;
}

void harena_set_report_callback(harena_report_fn *callback, void *context) {
  (void)callback;
  (void)context;
}

size_t harena_findings(void) { return 0; }

HARENA_ATTRIBUTE(weak) const char *harena_default_options(void) { return ""; }
