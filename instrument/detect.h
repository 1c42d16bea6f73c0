/* From a fact that is wrong to a finding that says so. */
#ifndef HARENA_INSTRUMENT_DETECT_H
#define HARENA_INSTRUMENT_DETECT_H

#include "canary.h"
#include "layout.h"
#include "report/finding.h"

/* A call on an arena that is closed, or on something that is none. */
void harena__report_dead_handle(const harena *handle, const harena__watch *watch, bool closing);

/* A block given to free or realloc that is not a live block of the arena with that size. Returns
 * its entry if it is, else reports and returns NULL. */
harena__entry *harena__check_block(const harena__watch *watch, const void *block, size_t size);

/* An arena keeps a pointer to what ends before it does. */
void harena__report_inversion(const harena__arena *arena, const void *target);

/* Verifies the redzones around a live block, or the contents of a dead one. Returns the number
 * of findings. */
size_t harena__verify(const harena__entry *entry);

/* Verifies what is closed of a slice's block before the bytes up to `open` are opened. */
void harena__verify_closed(const harena__entry *entry, size_t open);

/* Reports which redzone of a live block was overwritten, and by whom. */
size_t harena__report_redzones(const harena__watch *watch, const harena__entry *entry)
    HARENA_ATTRIBUTE(cold);

/* What nobody may touch behind a live block. The closed rest of a slice's block counts. */
static inline size_t harena__closed_behind(const harena__watch *watch, const harena__entry *entry) {
  return entry->size - entry->open + harena__back_redzone(watch, entry, entry->size);
}

/* The same as harena__verify() for a live block of `watch`, where canaries are needed. */
static inline size_t harena__verify_live(const harena__watch *watch, const harena__entry *entry) {
  const char *block = harena__unhide(entry->hidden_block);
  bool hold = harena__redzones_hold(block, harena__front_redzone(watch, block), block + entry->open,
                                    harena__closed_behind(watch, entry));
  return HARENA_LIKELY(hold) ? 0 : harena__report_redzones(watch, entry);
}

/* Verifies that nobody wrote to [from, to), which ended as a whole in `generation`. */
void harena__verify_dead(const char *from, const char *to, uint64_t generation);

#endif
