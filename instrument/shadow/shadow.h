/* What a tool is told, whichever it is. One back end is picked at start by what the program runs under.
 *
 * Every address range below begins at a multiple of 8; sizes may be odd, and then the bytes up to the next multiple of
 * 8 are never handed out. A pool is an arena (its record's address), which some tools want to know. */
#ifndef HARENA_INSTRUMENT_SHADOW_H
#define HARENA_INSTRUMENT_SHADOW_H

#include <stdbool.h>
#include <stddef.h>

typedef struct harena__shadow {
  const char *name; /* "asan", "msan", "memcheck", "guard" */

  /* Whether the process runs under this tool. */
  bool (*is_present)(void);

  /* Called once when picked: installs callbacks and handlers. */
  void (*start)(void);

  /* Redzones are filled by the watcher and verified at free, clear, close and check, dead bytes are filled with tomb
   * words, because the tool does not see a bad access at once. */
  bool needs_canaries;

  /* Whole dead slabs may be made inaccessible (not under memcheck: the program would die right after the report). */
  bool may_protect;

  void (*pool_opened)(const void *pool);
  void (*pool_closed)(const void *pool);

  /* Memory that holds no block: nothing in it may be touched. */
  void (*poison)(const void *from, size_t size);

  /* Memory that may be touched and whose contents count as written: records, links, memory that is given back. */
  void (*unpoison)(const void *from, size_t size);

  /* A block begins: addressable, contents undefined. */
  void (*block_born)(const void *pool, void *block, size_t size);

  /* A block changed its size in place; bytes that it gained are undefined. */
  void (*block_resized)(const void *pool, void *block, size_t old_size, size_t new_size);

  /* A block ended alone. */
  void (*block_retired)(const void *pool, void *block, size_t size);

  /* All blocks in the range ended. */
  void (*range_retired)(const void *pool, char *from, char *to);

  /* A whole slab (or a run of them) is dead and will be given back: called before the memory goes, and after.
   * A back end keeps its poison over it as cheaply as it can (asan: a shared mapping of poison bytes). */
  void (*slab_retired)(char *start, size_t size);

  /* Before a slab's memory comes back into use. */
  void (*slab_reused)(char *start, size_t size);
} harena__shadow;

extern const harena__shadow harena__shadow_asan;
extern const harena__shadow harena__shadow_msan;
extern const harena__shadow harena__shadow_memcheck;
extern const harena__shadow harena__shadow_guard;

/* The one in use; picks it at the first call, among those that the option `shadow=` allows. Never NULL. */
const harena__shadow *harena__tool(void);

/* What a tool saw: a bad access at `address`. Implemented in events.c, called by back ends that hear of errors (the
 * asan callback, the guard's signal handler): looks the address up and describes it. `emit` takes the lines one by one;
 * `in_signal_handler` forbids symbols. Returns false, emitting nothing, when the address is not ours. */
bool harena__explain_access(const void *address, size_t size, bool is_write,
                            void (*emit)(const char *line), bool in_signal_handler);

#endif
