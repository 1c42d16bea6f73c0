/* Chunks from a POSIX system. Small ones come from the heap, which is fast when warm; large ones
 * are mapped: they are zero, and go back to the system at once. */
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "size.h"
#include "source.h"

static const size_t mapped_from = (size_t)1 << 20;
static const size_t huge_page = (size_t)2 << 20;

static void *map(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static size_t round_up_to(size_t size, size_t unit) {
  return harena__sum(size, unit - 1) & ~(unit - 1);
}

/* Some systems of 32 bits align to 8 only. */
static void *allocate(size_t size, size_t align) {
  if (align <= _Alignof(max_align_t)) {
    return malloc(size);
  }
  void *memory;
  return posix_memalign(&memory, align, size) == 0 ? memory : NULL;
}

static void *acquire(void *context, size_t *size, size_t align) {
  (void)context;
  if (*size < mapped_from) {
    return allocate(*size, align);
  }
  return map(*size);
}

static void release(void *context, void *chunk, size_t size) {
  (void)context;
  if (size < mapped_from) {
    free(chunk);
  } else {
    munmap(chunk, size);
  }
}

/* A page more than needed is mapped, and what lies outside the aligned part goes back. */
static char *map_aligned(size_t size) {
  char *memory = map(size + huge_page);
  if (!memory) {
    return NULL;
  }
  size_t before = harena__padding(memory, huge_page);
  if (before > 0) {
    munmap(memory, before);
  }
  munmap(memory + before + size, huge_page - before);
  return memory + before;
}

static void *acquire_huge(void *context, size_t *size, size_t align) {
  if (*size < mapped_from) {
    return acquire(context, size, align);
  }
  size_t rounded = round_up_to(*size, huge_page);
  char *memory = rounded > HARENA__MAX_SIZE ? NULL : map_aligned(rounded);
  if (memory) {
    *size = rounded;
    harena__ask_for_huge_pages(memory, rounded);
  }
  return memory;
}

const harena_source harena__system_source = {acquire, release, NULL};
const harena_source harena__huge_page_source = {acquire_huge, release, NULL};

bool harena__is_fresh_zero(const harena_source *source, size_t size) {
  return (source->release == release) && size >= mapped_from;
}
