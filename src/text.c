#include <stdio.h>
#include <string.h>

#include "block.h"
#include "failure.h"
#include "hooks.h"

/* Of no bytes, `string` may be NULL. */
static char *copy(harena__arena *arena, const char *string, size_t length) {
  char *place = harena__allocate(arena, length + 1, 1);
  if (place && length > 0) {
    memcpy(place, string, length);
  }
  if (place) {
    place[length] = '\0';
  }
  return place;
}

char *harena__strdup(harena *handle, const char *string) {
  return harena__entered(handle) ? copy(harena__record(handle), string, strlen(string)) : NULL;
}

char *harena__strndup(harena *handle, const char *string, size_t max_length) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  return copy(harena__record(handle), string, strnlen(string, max_length));
}

/* Measures first: printing into what is left and growing on overflow would save the second run,
 * but the block would have to shrink afterwards, which only the youngest can. */
static char *print(harena__arena *arena, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0) {
    return harena__fail(arena, HARENA_INVALID, 0);
  }
  char *string = harena__allocate(arena, (size_t)length + 1, 1);
  if (string) {
    vsnprintf(string, (size_t)length + 1, format, arguments);
  }
  return string;
}

char *harena__vprintf(harena *handle, const char *format, va_list arguments) {
  return harena__entered(handle) ? print(harena__record(handle), format, arguments) : NULL;
}

char *harena_printf(harena *handle, const char *format, ...) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  va_list arguments;
  va_start(arguments, format);
  char *string = print(harena__record(handle), format, arguments);
  va_end(arguments);
  return string;
}
