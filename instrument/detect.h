/* From a fact that is wrong to a finding that says so. */
#ifndef HARENA_INSTRUMENT_DETECT_H
#define HARENA_INSTRUMENT_DETECT_H

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

/* The same for a live block of `watch`, where canaries are needed. */
size_t harena__verify_live(const harena__watch *watch, const harena__entry *entry);

/* Verifies that nobody wrote to [from, to), which ended as a whole in `generation`. */
void harena__verify_dead(const char *from, const char *to, uint64_t generation);

#endif
