#include "failure.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "hooks.h"

static void write_to_stderr(const char *message) {
  fputs(message, stderr);
  fputc('\n', stderr);
}

static _Atomic(harena_panic_handler *) panic_handler = write_to_stderr;

harena_panic_handler *harena_set_panic_handler(harena_panic_handler *handler) {
  return atomic_exchange(&panic_handler, handler ? handler : write_to_stderr);
}

bool harena__panics_are_handled(void) { return atomic_load(&panic_handler) != write_to_stderr; }

_Noreturn void harena__panic(const char *format, ...) {
  char message[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  atomic_load (&panic_handler)(message);
  abort();
}

static const char *misuse_text(harena__misuse why) {
  static const char *const texts[] = {
      [HARENA__STALE_REFERENCE] = "stale reference",
      [HARENA__FOREIGN_REFERENCE] = "reference of another arena",
      [HARENA__NULL_REFERENCE] = "null reference",
      [HARENA__DEAD_MARK] = "dead mark",
      [HARENA__BUSY_ARENA] = "not allowed while a cleanup runs",
      [HARENA__OUT_OF_RANGE] = "out of range",
  };
  return texts[why];
}

_Noreturn void harena__misuse_panic(const harena__arena *arena, harena__misuse why,
                                    const void *address) {
  harena__misused(arena, why, address);
  harena__panic("harena: %s: %p, arena \"%s\"", misuse_text(why), address, arena->name);
}

void harena__set_errno(harena_status status) {
  static const int codes[] = {
      [HARENA_OK] = 0,
      [HARENA_NO_MEMORY] = ENOMEM,
      [HARENA_LIMIT] = EDQUOT,
      [HARENA_INVALID] = EINVAL,
  };
  errno = codes[status];
}

void *harena__fail(harena__arena *arena, harena_status status, size_t size) {
  arena->status = status;
  harena__refused(arena, status);
  if (arena->flags & HARENA_ABORT_ON_FAILURE) {
    harena__panic("harena: %s: %zu bytes, arena \"%s\"", harena_status_string(status), size,
                  arena->name);
  }
  harena__set_errno(status);
  return NULL;
}

harena_status harena_last_status(const harena *handle) {
  return harena__entered(handle) ? harena__record(handle)->status : HARENA_INVALID;
}

const char *harena_status_string(harena_status status) {
  switch (status) {
    case HARENA_OK:
      return "ok";
    case HARENA_NO_MEMORY:
      return "no memory";
    case HARENA_LIMIT:
      return "over the limit";
    case HARENA_INVALID:
      return "invalid argument";
  }
  return "unknown";
}
