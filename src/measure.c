#include "block.h"
#include "hooks.h"
#include "window.h"

static size_t available(const harena__arena *arena) {
  size_t room = harena__distance(arena->head.cursor, arena->current->end);
  return harena__size_on_offer(arena, room, HARENA__GRANULE);
}

static size_t capacity(const harena__arena *arena) {
  return arena->limit == SIZE_MAX && harena__is_fixed(arena) ? arena->buffer_size : arena->limit;
}

harena_metrics harena_measure(const harena *handle) {
  if (!harena__entered(handle)) {
    return (harena_metrics){0};
  }
  const harena__arena *arena = harena__record(handle);
  size_t used = harena__used(arena);
  size_t data = harena__is_exact(arena) ? arena->data : used;
  return (harena_metrics){
      .used_bytes = used,
      .data_bytes = data,
      .padding_bytes = used - data,
      .available_bytes = available(arena),
      .reserved_bytes = arena->reserved,
      .capacity_bytes = capacity(arena),
      .peak_bytes = harena__max(arena->peak, used),
      .allocations = arena->allocations,
      .chunks_acquired = arena->chunks_acquired,
      .clears = arena->clears,
  };
}

const char *harena_name(const harena *handle) {
  return harena__entered(handle) ? harena__record(handle)->name : "";
}

const char *harena_version(void) { return HARENA_VERSION; }
