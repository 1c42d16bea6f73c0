#include "shadow/shadow_pages.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pages.h"
#include "size.h"

/* Linux 5.14; older C libraries do not have the name. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Linux 5.7; so that no other thread's mapping comes to lie in the hole. */
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

/* Neighbours become one mapping while their parts of the file follow each other, hence its size:
 * one mapping for 128 MiB of retired addresses. */
enum { FILE_SIZE = 16 << 20 };
static const int poison_byte = 0xf7; /* what __asan_poison_memory_region writes */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int file = -1;
static struct stat identity;

static bool write_poison(int descriptor) {
  char page[4096];
  memset(page, poison_byte, sizeof page);
  for (size_t written = 0; written < FILE_SIZE; written += sizeof page) {
    if (write(descriptor, page, sizeof page) != (ssize_t)sizeof page) {
      return false;
    }
  }
  return true;
}

static int make_file(void) {
  int descriptor = memfd_create("harena-poison", MFD_CLOEXEC);
  if (descriptor >= 0 && (!write_poison(descriptor) || fstat(descriptor, &identity) != 0)) {
    close(descriptor);
    descriptor = -1;
  }
  return descriptor;
}

/* A program may close descriptors that it does not know, and the number may since name another
 * file. */
static bool is_ours(int descriptor) {
  struct stat present;
  return descriptor >= 0 && fstat(descriptor, &present) == 0 && present.st_dev == identity.st_dev &&
         present.st_ino == identity.st_ino;
}

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

void harena__shadow_pages_start(void) { pthread_atfork(take_lock, drop_lock, drop_lock); }

static int poison_file(void) {
  take_lock();
  if (!is_ours(file)) {
    file = make_file();
  }
  int descriptor = file;
  drop_lock();
  return descriptor;
}

/* The system call itself: libc's mmap is ASan's, which would clear the shadow of the shadow. */
static void *map_raw(uintptr_t place, size_t size, int kind, int descriptor, size_t offset) {
  const int protection = PROT_READ | PROT_WRITE;
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | kind;
#ifdef SYS_mmap2
  long result = syscall(SYS_mmap2, place, size, protection, flags, descriptor, offset >> 12);
#else
  long result = syscall(SYS_mmap, place, size, protection, flags, descriptor, offset);
#endif
  return (void *)result;
}

/* In steps that do not cross the end of the file. */
static bool map_poison(uintptr_t place, size_t size, int descriptor) {
  while (size > 0) {
    size_t offset = place & (FILE_SIZE - 1);
    size_t step = harena__min(size, FILE_SIZE - offset);
    if (map_raw(place, step, 0, descriptor, offset) == MAP_FAILED) {
      return false;
    }
    place += step;
    size -= step;
  }
  return true;
}

bool harena__map_shadow(uintptr_t place, size_t size, bool poisoned) {
  if (!poisoned) {
    return map_raw(place, size, MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
  }
  int descriptor = poison_file();
  return descriptor >= 0 && map_poison(place, size, descriptor);
}

bool harena__move_shadow(uintptr_t from, uintptr_t to, size_t size) {
  const int flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
  return syscall(SYS_mremap, from, size, size, flags, to) != -1 &&
         harena__map_shadow(from, size, false);
}

/* A kernel that does not know the advice fills them at their faults. */
void harena__fill_shadow_pages(uintptr_t place, size_t size) {
  uintptr_t page = harena__page_size();
  uintptr_t first = place & ~(page - 1);
  int saved = errno;
  madvise((void *)first, place + size - first, MADV_POPULATE_WRITE);
  errno = saved;
}
