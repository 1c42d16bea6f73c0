#include "cleanup.h"

#include "block.h"
#include "family.h"
#include "hooks.h"

bool harena__defer(harena *handle, void (*cleanup)(void *context), void *context) {
  if (!harena__entered(handle)) {
    return false;
  }
  harena__arena *arena = harena__record(handle);
  HARENA__VISIT(arena);
  harena__cleanup *entry =
      harena__allocate(arena, HARENA__CLEANUP_CHARGE, _Alignof(harena__cleanup));
  if (!entry) {
    return false;
  }
  harena__pointer_kept(arena, context);
  *entry = (harena__cleanup){arena->newest_cleanup, cleanup, context};
  arena->newest_cleanup = entry;
  return true;
}

/* Unlinked before the call, so that a cleanup that leaves by longjmp does not run twice. */
static void run_newest(harena__arena *arena) {
  harena__cleanup entry = *arena->newest_cleanup;
  arena->newest_cleanup = entry.older;
  entry.run(entry.context);
}

void harena__run_cleanups(harena__arena *arena, const harena__cleanup *oldest) {
  if (arena->newest_cleanup == oldest) {
    return;
  }
  harena__set_busy(arena, true);
  while (arena->newest_cleanup != oldest) {
    run_newest(arena);
  }
  harena__set_busy(arena, false);
}
