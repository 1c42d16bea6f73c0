#include <harena.h>

size_t lengths(harena *arena, const char *const *names, size_t count);
size_t lengths(harena *arena, const char *const *names, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    HARENA_SCOPE(arena) {
      HARENA_SCOPE(arena) {
        harena_ref ref = harena_ref_to(arena, harena_strdup(arena, names[i]));
        found += harena_try_deref(arena, ref) != NULL;
      }
    }
  }
  return found;
}
