#include "modules.h"

#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Only ever appended to, so that a signal handler can read it at any time. A module that was
 * unloaded stays: stacks that were captured while it was there still name it. */
enum { MOST_MODULES = 512 };
static harena__module modules[MOST_MODULES];
static atomic_size_t module_count;

static void set_path(harena__module *module, const char *name) {
  if (*name != '\0') {
    size_t length = strnlen(name, sizeof module->path - 1);
    memcpy(module->path, name, length);
    return;
  }
  ssize_t length = readlink("/proc/self/exe", module->path, sizeof module->path - 1);
  if (length < 0) {
    strcpy(module->path, "program");
  }
}

static harena__module module_from(const struct dl_phdr_info *info) {
  harena__module module = {.start = UINTPTR_MAX, .bias = info->dlpi_addr};
  for (size_t i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type == PT_LOAD) {
      uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
      uintptr_t end = start + info->dlpi_phdr[i].p_memsz;
      module.start = start < module.start ? start : module.start;
      module.end = end > module.end ? end : module.end;
    }
  }
  return module;
}

/* One that was noted before, or replaced what was noted there. */
static bool is_noted(const harena__module *module, const char *name) {
  const harena__module *noted = harena__module_of(module->start);
  return noted && noted->start == module->start && noted->end == module->end &&
         (*name == '\0' || strncmp(noted->path, name, sizeof noted->path - 1) == 0);
}

static int note(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  (void)context;
  size_t count = atomic_load_explicit(&module_count, memory_order_relaxed);
  harena__module module = module_from(info);
  if (count < MOST_MODULES && module.start < module.end && !is_noted(&module, info->dlpi_name)) {
    set_path(&module, info->dlpi_name);
    modules[count] = module;
    atomic_store_explicit(&module_count, count + 1, memory_order_release);
  }
  return 0;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

/* Before those who look up modules with locks of their own, so that a fork takes this one last. */
enum { EARLY = 103 };
__attribute__((constructor(EARLY))) static void guard_fork(void) {
  pthread_atfork(take_lock, drop_lock, drop_lock);
}

void harena__note_modules(void) {
  take_lock();
  dl_iterate_phdr(note, NULL);
  drop_lock();
}

const harena__module *harena__module_of(uintptr_t address) {
  for (size_t i = harena__modules_noted(); i-- > 0;) {
    if (modules[i].start <= address && address < modules[i].end) {
      return &modules[i];
    }
  }
  return NULL;
}

size_t harena__modules_noted(void) {
  return atomic_load_explicit(&module_count, memory_order_acquire);
}
