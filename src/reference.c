#include "reference.h"

#include "failure.h"
#include "hooks.h"
#include "mark.h"

harena_ref harena__ref_to(harena *handle, const void *block) {
  harena_ref null = {NULL, 0};
  if (!block || !harena__entered(handle)) {
    return null;
  }
  return (harena_ref){(void *)(uintptr_t)block, harena__epoch_of(harena__record(handle), block)};
}

static bool is_good(const harena__arena *arena, harena_ref ref) {
  bool current = ref.epoch != 0 && ref.epoch == harena__epoch_of(arena, ref.address);
  return harena__reference_used(arena, ref, current);
}

void *harena__try_deref(const harena *handle, harena_ref ref) {
  return harena__entered(handle) && is_good(harena__record(handle), ref) ? ref.address : NULL;
}

/* Whether the arena ever gave out this epoch cannot be known for free; its latest range can. */
static harena__misuse misuse_of(const harena__arena *arena, harena_ref ref) {
  if (ref.epoch == 0) {
    return HARENA__NULL_REFERENCE;
  }
  bool own = ref.epoch < arena->next_epoch && ref.epoch >= arena->first_epoch;
  return own ? HARENA__STALE_REFERENCE : HARENA__FOREIGN_REFERENCE;
}

void *harena__resolve(const harena__arena *arena, harena_ref ref) {
  if (!is_good(arena, ref)) {
    harena__misuse_panic(arena, misuse_of(arena, ref), ref.address);
  }
  return ref.address;
}

void *harena__deref(const harena *handle, harena_ref ref) {
  return harena__entered(handle) ? harena__resolve(harena__record(handle), ref) : NULL;
}
