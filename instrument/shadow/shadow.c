#include "shadow/shadow.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "canary.h"
#include "report/options.h"

/* In the order of the choices of the option `shadow`, of which the first is "auto"; guard is
 * always present. */
static const harena__shadow *const tools[] = {&harena__shadow_asan, &harena__shadow_msan,
                                              &harena__shadow_memcheck, &harena__shadow_guard};
enum { GUARD = 3 };

const harena__shadow *_Atomic harena__picked_tool;

static const harena__shadow *first_present(void) {
  unsigned i = 0;
  while (i < GUARD && !tools[i]->is_present()) {
    i++;
  }
  return tools[i];
}

static const harena__shadow *wanted(void) {
  unsigned choice = harena__option()->shadow;
  const harena__shadow *present = first_present();
  if (choice == 0) {
    return present;
  }
  const harena__shadow *tool = tools[choice - 1];
  if (tool->is_present()) {
    return tool;
  }
  fprintf(stderr,
          "harena: shadow=%s in HARENA_OPTIONS: this process does not run under %s; using %s\n",
          tool->name, tool->name, present->name);
  return present;
}

static void pick(void) {
  const harena__shadow *tool = wanted();
  if (tool == &harena__shadow_guard && harena__on_valgrind()) {
    tool = &harena__shadow_guard_open;
  }
  if (tool->needs_canaries) {
    harena__tomb_start();
  }
  tool->start();
  atomic_store_explicit(&harena__picked_tool, tool, memory_order_release);
}

const harena__shadow *harena__pick_tool(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, pick);
  return atomic_load_explicit(&harena__picked_tool, memory_order_acquire);
}
