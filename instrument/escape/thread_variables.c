#include "escape/thread_variables.h"

#include <link.h>
#include <pthread.h>

typedef struct search {
  uintptr_t below; /* how far the slot lies below its thread's control block */
  uintptr_t offset;
  uintptr_t module; /* an address in it */
} search;

static size_t block_size(const struct dl_phdr_info *info) {
  for (size_t i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type == PT_TLS) {
      return info->dlpi_phdr[i].p_memsz;
    }
  }
  return 0;
}

static uintptr_t first_address(const struct dl_phdr_info *info) {
  for (size_t i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type == PT_LOAD) {
      return info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    }
  }
  return 0;
}

/* A module's block lies equally far below the control block in every thread; where it is in this
 * one, the loader says. */
static int look_into(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  search *it = context;
  uintptr_t below = (uintptr_t)pthread_self() - (uintptr_t)info->dlpi_tls_data;
  uintptr_t offset = below - it->below;
  if (!info->dlpi_tls_data || it->below > below || offset >= block_size(info)) {
    return 0;
  }
  it->offset = offset;
  it->module = first_address(info);
  return 1;
}

const harena__module *harena__find_thread_variable(uintptr_t slot, uintptr_t control,
                                                   harena__data_symbol *out) {
  search it = {.below = control - slot};
  dl_iterate_phdr(look_into, &it);
  const harena__module *module = it.module ? harena__module_of(it.module) : NULL;
  bool found = module && harena__find_data_symbol(module, HARENA__THREAD_STORAGE, it.offset, out);
  return found ? module : NULL;
}
