/* What a tool is told, whichever it is. One back end is picked at start by what the program runs
 * under.
 *
 * Every address range below begins at a multiple of 8; sizes may be odd, and then the bytes up to
 * the next multiple of 8 are never handed out. A pool is an arena (its record's address), which
 * some tools want to know. All functions may be called from several threads at once, for different
 * pools and ranges. */
#ifndef HARENA_INSTRUMENT_SHADOW_H
#define HARENA_INSTRUMENT_SHADOW_H

#include <harena/compiler.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct harena__shadow {
  const char *name; /* "asan", "msan", "memcheck", "guard" */

  /* Whether the process runs under this tool. */
  bool (*is_present)(void);

  /* Called once when picked: installs callbacks and handlers. May end the process: with this tool,
   * nothing that the library as it was built could tell would be true. */
  void (*start)(void);

  /* Redzones are filled by the watcher and verified at free, clear, close and check, dead bytes
   * are filled with tomb words, because the tool does not see a bad access at once. */
  bool needs_canaries;

  /* Bytes that must lie between two blocks, so that the tool names the right one for an address
   * between them. */
  size_t least_redzone;

  /* Whole dead slabs may be made inaccessible (not under memcheck: the program would die right
   * after the report). */
  bool may_protect;

  /* Nothing lies within `redzone` bytes of a block of the pool. */
  void (*pool_opened)(const void *pool, size_t redzone);
  void (*pool_closed)(const void *pool);

  /* Memory that holds no block, or the part of one that no slice has reached, which may begin
   * anywhere: nothing in it may be touched. */
  void (*poison)(const void *from, size_t size);

  /* Memory that may be touched and whose contents count as written: records, links, memory that
   * is given back. */
  void (*unpoison)(const void *from, size_t size);

  /* A block begins: addressable, contents undefined. NULL: the tool does not want to know. */
  void (*block_born)(const void *pool, void *block, size_t size);

  /* A block changed its size in place; bytes that it gained are undefined. */
  void (*block_resized)(const void *pool, void *block, size_t old_size, size_t new_size);

  /* Bytes of a block that were poisoned, from anywhere in it, may be touched now; they are
   * undefined. */
  void (*bytes_opened)(const void *from, size_t size);

  /* A block ended alone. */
  void (*block_retired)(const void *pool, void *block, size_t size);

  /* All blocks in the range ended, but for those that had ended alone. Their entries are still
   * in the ledger. */
  void (*range_retired)(const void *pool, char *from, char *to);

  /* A run of slabs is dead and its memory was given back, which may have cleared the tool's shadow
   * of it: a back end puts its poison over it as cheaply as it can (asan: a mapping of poison
   * bytes). Before the addresses come back into use, poison() is called for them. */
  void (*slab_retired)(char *start, size_t size);

  /* The pages at `from`, dead and poisoned, were moved to `to` with their contents: what the tool
   * knows of them goes along, and what it knows of `from` may be lost. The range may be touched
   * inside the library, and is poison for everybody else. NULL where pages must not be moved. */
  void (*pages_moved)(char *from, char *to, size_t size);
} harena__shadow;

extern const harena__shadow harena__shadow_asan;
extern const harena__shadow harena__shadow_msan;
extern const harena__shadow harena__shadow_memcheck;
extern const harena__shadow harena__shadow_guard;

/* guard with nothing made inaccessible: for Valgrind's tools other than memcheck. */
extern const harena__shadow harena__shadow_guard_open;

/* The one in use; picks it at the first call: what the option `shadow=` asks for, if it is
 * present, else the first of asan, msan, memcheck that is, else guard. Never NULL. Thread-safe;
 * one load after the first call. */
static inline const harena__shadow *harena__tool(void);

/* The call behind it, and what it has picked. */
const harena__shadow *harena__pick_tool(void);
extern const harena__shadow *_Atomic harena__picked_tool;

static inline const harena__shadow *harena__tool(void) {
  const harena__shadow *tool = atomic_load_explicit(&harena__picked_tool, memory_order_acquire);
  return HARENA_LIKELY(tool != NULL) ? tool : harena__pick_tool();
}

/* Whether the process runs on Valgrind, with any tool. */
bool harena__on_valgrind(void);

/* What a tool saw: a bad access at `address`. Implemented in detect.c, called by back ends that
 * hear of errors (the asan callback, the guard's signal handler): looks the address up and
 * describes it. `emit` takes the lines one by one, without their newline, to follow the tool's own
 * report; NULL when there is none, then the report goes where all do. `in_signal_handler` forbids
 * symbols. Returns false, telling nothing, when the address is not ours. */
bool harena__explain_access(const void *address, size_t size, bool is_write,
                            void (*emit)(const char *line), bool in_signal_handler);

#endif
