#include "escape/sweep.h"

#include <string.h>

#include "escape/memory.h"
#include "sanitize.h"

/* The start is hidden: under ASan this lies where a sweep looks. */
typedef struct sweep {
  uintptr_t hidden_low;
  uintptr_t size;
  size_t step;
  bool alone;
  harena__hit_fn *hit;
  void *context;
  char *buffer;
  const harena__root *root;
  uint64_t bytes;
} sweep;

static const uintptr_t word = sizeof(uintptr_t);

static uintptr_t round_up(uintptr_t address) { return (address + word - 1) & ~(word - 1); }

/* ---- The loop ---- */

/* Bytes that were read to `memory` lie at `slot` in truth. */
typedef struct view {
  const char *memory;
  uintptr_t slot;
  size_t size;
} view;

/* A word at any address. */
typedef uintptr_t __attribute__((aligned(1), may_alias)) loose_word;

HARENA__UNCHECKED static void look_at(const sweep *it, view bytes, size_t place) {
  uintptr_t value = *(const volatile loose_word *)(const void *)(bytes.memory + place);
  if (value - ~it->hidden_low < it->size) {
    it->hit(bytes.slot + place, value, it->root, it->context);
  }
}

/* Four words at once keep pace with memory; vectors gain nothing. The compare is written out: a
 * function of its own would be a checked one under a sanitizer. */
HARENA__UNCHECKED static void scan_words(const sweep *it, view bytes) {
  uintptr_t low = ~it->hidden_low;
  uintptr_t size = it->size;
  const uintptr_t *words = (const uintptr_t *)(const void *)bytes.memory;
  size_t count = bytes.size / sizeof *words;
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    if ((words[i] - low < size) | (words[i + 1] - low < size) | (words[i + 2] - low < size) |
        (words[i + 3] - low < size)) {
      for (size_t j = i; j < i + 4; j++) {
        look_at(it, bytes, j * sizeof *words);
      }
    }
  }
  for (; i < count; i++) {
    look_at(it, bytes, i * sizeof *words);
  }
}

HARENA__UNCHECKED static void scan_steps(const sweep *it, view bytes) {
  uintptr_t low = ~it->hidden_low;
  uintptr_t size = it->size;
  for (size_t place = 0; place + sizeof(uintptr_t) <= bytes.size; place += it->step) {
    if (*(const loose_word *)(const void *)(bytes.memory + place) - low < size) {
      look_at(it, bytes, place);
    }
  }
}

static void scan(const sweep *it, view bytes) {
  if (it->step == word) {
    scan_words(it, bytes);
  } else {
    scan_steps(it, bytes);
  }
}

/* ---- Reading ---- */

/* What begins in the last word of one piece is read with the next. */
static size_t copy_and_scan(const sweep *it, uintptr_t from, size_t size) {
  size_t wanted = size < HARENA__COPY_SIZE ? size : HARENA__COPY_SIZE;
  size_t count = harena__copy_memory(it->buffer, from, wanted);
  scan(it, (view){it->buffer, from, count});
  if (count < wanted) {
    return size;
  }
  return wanted < size && it->step != word ? wanted - word : wanted;
}

static void scan_present(harena__range part, void *context) {
  sweep *it = context;
  uintptr_t start = it->step == word ? round_up(part.start) : part.start;
  size_t size = part.end > start ? part.end - start : 0;
  it->bytes += size;
  if (it->alone) {
    scan(it, (view){(const char *)start, start, size});
    return;
  }
  for (size_t done = 0; done < size;) {
    done += copy_and_scan(it, start + done, size - done);
  }
}

uint64_t harena__sweep(const harena__roots *roots, harena__range target, size_t step, char *buffer,
                       harena__hit_fn *hit, void *context) {
  sweep it = {.hidden_low = ~target.start,
              .size = target.end - target.start,
              .step = step,
              .alone = roots->threads.alone,
              .hit = hit,
              .context = context,
              .buffer = buffer};
  for (size_t i = 0; i < roots->count; i++) {
    it.root = &roots->list[i];
    harena__each_present(it.root->range, scan_present, &it);
  }
  return it.bytes;
}
