/* Blocks: giving them out, resizing them, taking them back. */
#ifndef HARENA_SRC_BLOCK_H
#define HARENA_SRC_BLOCK_H

#include "record.h"
#include "why.h"

/* harena_alloc() for the core's own use. Not inlined, so that the exported function stays a few
 * instructions in front of it. */
void *harena__allocate(harena__arena *arena, size_t size, size_t align) HARENA_ATTRIBUTE(noinline);

/* The same, but a failure is only an answer in `*status`. */
void *harena__try_allocate(harena__arena *arena, size_t size, size_t align, harena_status *status);

/* What the current chunk and the limit have for one block, at most `preferred`. */
size_t harena__size_on_offer(const harena__arena *arena, size_t preferred, size_t align);

/* Whether `block` is the youngest one: allocated last of all that still count, and since the
 * newest mark. What is refunded follows from this alone, so both builds agree. */
bool harena__is_youngest_block(const harena__arena *arena, const void *block, size_t size);

/* Whether nothing lies behind it. In release that is the same thing; where addresses are not
 * reused, the youngest block may have dead ones behind it. */
bool harena__lies_last(const harena__arena *arena, const void *block, size_t size);

/* Whether the youngest block has the top chunk for itself, aside from the current one. */
bool harena__is_aside(const harena__arena *arena);

/* Whether ending `block` gives its bytes back. */
bool harena__is_refunded(const harena__arena *arena, const void *block, bool youngest);

/* Takes a charge back. */
void harena__refund(harena__arena *arena, const void *block, size_t charge, size_t data);

/* The side chunk that lies above the current one and holds the block, or NULL. */
harena__chunk *harena__side_chunk_of(const harena__arena *arena, const char *block);

/* The block that a side chunk was taken for ends, and with it the padding before it. */
void harena__refund_padding(harena__arena *arena, harena__chunk *side, const char *block,
                            harena__verdict verdict);

/* Zeroes what a caller called its block, if the arena asks for that and the block is the
 * arena's. */
void harena__wipe_block(const harena__arena *arena, char *block, size_t size);

/* The block that lies last in a side chunk is gone. */
void harena__leave_side_chunk(harena__arena *arena, harena__chunk *chunk, char *block);

/* Goes back to the place of the block that lies last. */
void harena__step_back(harena__arena *arena, char *block);

/* Makes a block longer where it is. False when it does not lie last or there is no room. */
bool harena__extend(harena__arena *arena, char *block, size_t old_size, size_t new_size);

/* A larger place for what was at `block`, charged for the difference only if that was the youngest
 * one. Copies and ends nothing: the old place may be shared. NULL on shortage, and `*status` says
 * why. */
char *harena__replace(harena__arena *arena, char *block, size_t old_size, bool youngest,
                      size_t new_size, size_t align, harena_status *status);

/* Ends one block. */
void harena__retire_block(harena__arena *arena, void *block, size_t size, harena__end why);

#endif
