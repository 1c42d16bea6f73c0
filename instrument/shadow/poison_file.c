#include "shadow/poison_file.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "size.h"

/* Neighbours become one mapping while their parts of the file follow each other, hence its size:
 * one mapping for 128 MiB of retired addresses. */
enum { FILE_SIZE = 16 << 20 };
static const int poison_byte = 0xf7; /* what __asan_poison_memory_region writes */

static pthread_mutex_t file_lock = PTHREAD_MUTEX_INITIALIZER;
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

static int poison_file(void) {
  pthread_mutex_lock(&file_lock);
  if (!is_ours(file)) {
    file = make_file();
  }
  int descriptor = file;
  pthread_mutex_unlock(&file_lock);
  return descriptor;
}

/* The system call itself: libc's mmap is ASan's, which would clear the shadow of the shadow. */
static void *map_raw(uintptr_t place, size_t size, int descriptor, size_t offset) {
  const int protection = PROT_READ | PROT_WRITE;
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
#ifdef SYS_mmap2
  long result = syscall(SYS_mmap2, place, size, protection, flags, descriptor, offset >> 12);
#else
  long result = syscall(SYS_mmap, place, size, protection, flags, descriptor, offset);
#endif
  return (void *)result;
}

/* In steps that do not cross the end of the file. */
bool harena__map_poison(uintptr_t place, size_t size) {
  int descriptor = poison_file();
  while (size > 0) {
    size_t offset = place & (FILE_SIZE - 1);
    size_t step = harena__min(size, FILE_SIZE - offset);
    if (descriptor < 0 || map_raw(place, step, descriptor, offset) == MAP_FAILED) {
      return false;
    }
    place += step;
    size -= step;
  }
  return true;
}
