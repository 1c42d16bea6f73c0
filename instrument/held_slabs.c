#include "held_slabs.h"

#include <sys/mman.h>

#include "cage.h"
#include "canary.h"
#include "ledger.h"
#include "shadow/shadow.h"

/* Linux 5.7; older C libraries do not have the name. What stays mapped cannot become another
 * thread's mapping in the moment before the cage takes it back. */
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

/* Two of the largest chunks and what they replace; far less than a sanitizer's own quarantine. */
enum { MOST_HELD = 32 };

/* Hidden, as all that leads to watched memory. */
static uintptr_t hidden[MOST_HELD];
static unsigned count;
static bool refused; /* by a kernel that cannot move pages */

/* Core files are to hold live slabs only. */
static bool put_out_of_reach(char *slab) {
  const harena__shadow *tool = harena__tool();
  if (tool->may_protect && mprotect(slab, HARENA__SLAB_SIZE, PROT_NONE) != 0) {
    return false;
  }
  madvise(slab, HARENA__SLAB_SIZE, MADV_DONTDUMP);
  tool->poison(slab, HARENA__SLAB_SIZE);
  return true;
}

bool harena__hold_slab(char *slab) {
  if (refused || count == MOST_HELD || !harena__tool()->pages_moved || !put_out_of_reach(slab)) {
    return false;
  }
  hidden[count++] = harena__hide(slab);
  return true;
}

/* What was there is cleared: a block that is not written to must not hold old addresses, which a
 * search for references would find. */
static void move(char *from, char *to) {
  size_t size = HARENA__SLAB_SIZE;
  const int flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
  if (mremap(from, size, size, flags, to) == MAP_FAILED) {
    refused = true;
    return;
  }
  if (harena__tool()->may_protect) {
    mprotect(to, size, PROT_READ | PROT_WRITE);
  }
  madvise(to, size, MADV_DODUMP);
  harena__tool()->pages_moved(from, to, size);
  harena__fill_zero(to, size);
}

char *harena__move_held_slab(char *slab) {
  if (count == 0) {
    return NULL;
  }
  char *from = harena__unhide(hidden[--count]);
  move(from, slab);
  return from;
}

bool harena__drop_held_slab(const char *slab) {
  for (unsigned i = 0; i < count; i++) {
    if (hidden[i] == harena__hide(slab)) {
      hidden[i] = hidden[--count];
      return true;
    }
  }
  return false;
}
