// The same from C++.
#include <harena.h>
#include <cstdio>

int main() {
  harena *arena = harena_open(nullptr);
  if (!arena) {
    return 1;
  }
  int *number = harena_new(arena, int);
  char *text = harena_strdup(arena, "text");
  if (!number || !text) {
    return 1;
  }
  *number = 42;
  std::puts(harena_instrumented() ? "instrumented" : "release");
  harena_close(arena);
  return 0;
}
