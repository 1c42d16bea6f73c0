/* The headers of slices, buffers and views in C++17: built with both libraries, and run. Exits with
 * the number of the line that is wrong. */
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "views.h"

#define expect(condition)              \
  do {                                 \
    if (!(condition)) {                \
      std::_Exit(__LINE__ % 128 + 64); \
    }                                  \
  } while (false)

namespace shapes {
struct circle {
  point center;
  double radius;
};
HARENA_VIEW(circle, circle)
}  // namespace shapes

static void use_slices(harena *arena) {
  harena_bytes bytes{};
  expect(harena_bytes_append_string(arena, &bytes, "hello"));
  expect(harena_bytes_append_byte(arena, &bytes, '!'));
  harena_span span = harena_bytes_view(arena, harena_bytes_slice(bytes, 1, 6));
  expect(span.length == 5 && std::memcmp(span.data, "ello!", 5) == 0);
}

static void use_buffer(harena *arena) {
  harena_buffer buffer;
  harena_buffer_init(&buffer, arena);
  expect(harena_buffer_printf(&buffer, "%d", 12));
  expect(harena_buffer_write(&buffer, "34", 2));
  FILE *stream = harena_buffer_stream(&buffer);
  expect(stream != nullptr);
  std::fprintf(stream, "%s", "56");
  expect(std::fclose(stream) == 0);
  expect(harena_buffer_length(&buffer) == 6 && !harena_buffer_failed(&buffer));
  expect(std::memcmp(harena_buffer_view(&buffer).data, "123456", 6) == 0);
}

/* point is defined in C, in views_apart.c. */
static void use_views(harena *arena) {
  point_buffer path{};
  for (int i = 0; i < 100; i++) {
    expect(point_append(arena, &path, point{i, -i}));
  }
  expect(point_load(arena, point_get(path, 50)).y == -50);
  using namespace shapes;
  circle_ref ref = circle_embed(arena, circle{{1, 2}, 3});
  circle_at(arena, ref)->radius *= 2;
  expect(circle_load(arena, ref).radius == 6);
  circle_buffer all{};
  expect(circle_make(arena, 3, &all) && circle_length(circle_slice(all, 1, 3)) == 2);
  expect(circle_items(arena, all)[2].radius == 0);
}

int main() {
  harena *arena = harena_open(nullptr);
  use_slices(arena);
  use_buffer(arena);
  use_views(arena);
  harena_close(arena);
}
