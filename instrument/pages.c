#include "pages.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "size.h"

/* ---- What is ours ---- */

/* By address. One that finds no room is only forgotten. */
enum { MOST_OWN = 8192 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static harena__range own[MOST_OWN];
static size_t own_count;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

/* Before all others of ours, so that in a fork this lock is taken last: it is taken with theirs
 * held. */
enum { EARLIEST = 101 };
__attribute__((constructor(EARLIEST))) static void guard_fork(void) {
  pthread_atfork(take_lock, drop_lock, drop_lock);
}

/* The first that begins at `start` or behind. */
static size_t place_of(uintptr_t start) {
  size_t low = 0;
  size_t high = own_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (own[middle].start < start) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void remember(uintptr_t start, size_t size) {
  pthread_mutex_lock(&lock);
  if (own_count < MOST_OWN) {
    size_t place = place_of(start);
    memmove(&own[place + 1], &own[place], (own_count - place) * sizeof own[0]);
    own[place] = (harena__range){start, start + size};
    own_count++;
  }
  pthread_mutex_unlock(&lock);
}

static void forget(uintptr_t start) {
  pthread_mutex_lock(&lock);
  size_t place = place_of(start);
  if (place < own_count && own[place].start == start) {
    own_count--;
    memmove(&own[place], &own[place + 1], (own_count - place) * sizeof own[0]);
  }
  pthread_mutex_unlock(&lock);
}

size_t harena__own_pages(harena__range *out, size_t capacity) {
  pthread_mutex_lock(&lock);
  size_t count = own_count < capacity ? own_count : capacity;
  memcpy(out, own, count * sizeof own[0]);
  pthread_mutex_unlock(&lock);
  return count;
}

/* ---- Mapping ---- */

static char *map(size_t size) {
  void *memory =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

void *harena__map_pages(size_t size) {
  char *memory = map(size);
  if (memory) {
    remember((uintptr_t)memory, size);
  }
  return memory;
}

/* What lies outside the aligned part goes back, and was never ours. */
void *harena__map_aligned_pages(size_t size, size_t align) {
  char *memory = map(size + align);
  if (!memory) {
    return NULL;
  }
  size_t before = harena__padding(memory, align);
  if (before > 0) {
    munmap(memory, before);
  }
  munmap(memory + before + size, align - before);
  remember((uintptr_t)memory + before, size);
  return memory + before;
}

void harena__unmap_pages(void *memory, size_t size) {
  forget((uintptr_t)memory);
  munmap(memory, size);
}

size_t harena__page_size(void) {
  static _Atomic size_t known;
  size_t size = atomic_load_explicit(&known, memory_order_relaxed);
  if (size == 0) {
    size = (size_t)sysconf(_SC_PAGESIZE);
    atomic_store_explicit(&known, size, memory_order_relaxed);
  }
  return size;
}
