#include "pages.h"

#include <sys/mman.h>
#include <unistd.h>

void *harena__map_pages(size_t size) {
  void *memory =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

void harena__unmap_pages(void *memory, size_t size) { munmap(memory, size); }

size_t harena__page_size(void) {
  static size_t size;
  if (size == 0) {
    size = (size_t)sysconf(_SC_PAGESIZE);
  }
  return size;
}
