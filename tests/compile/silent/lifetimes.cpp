#include <harena.h>
#include <cstdlib>

harena *open_in_callers(char *buffer, size_t size) { return harena_open_in(buffer, size, nullptr); }

harena *open_in_static() {
  static char buffer[HARENA_OVERHEAD + 64];
  harena *const arena = harena_open_in(buffer, sizeof buffer, nullptr);
  return arena;
}

char *copy_in_callers(harena *arena, const char *text) {
  harena *const same = arena;
  return harena_strdup(same, text);
}

char *copy_out(const char *text) {
  char buffer[HARENA_OVERHEAD + 64];
  harena *const scratch = harena_open_in(buffer, sizeof buffer, nullptr);
  harena_bytes bytes = {};
  char *copy = harena_bytes_append_string(scratch, &bytes, text)
                   ? harena_bytes_string_to_heap(scratch, bytes)
                   : nullptr;
  harena_close(scratch);
  return copy;
}

struct parser {
  char buffer[HARENA_OVERHEAD + 64];
  harena *arena;
  parser() : buffer(), arena(harena_open_in(buffer, sizeof buffer, nullptr)) {}
  ~parser() { harena_close(arena); }
  parser(const parser &) = delete;
  parser &operator=(const parser &) = delete;
  int *number() const { return harena_new(arena, int); }
};

int first() {
  parser parser;
  int *number = parser.number();
  return number ? *number = 1 : 0;
}

FILE *open_output(harena_buffer *output) { return harena_buffer_stream(output); }
