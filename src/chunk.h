/* Chunks: taking them, stacking them, keeping them, giving them back. */
#ifndef HARENA_SRC_CHUNK_H
#define HARENA_SRC_CHUNK_H

#include "record.h"
#include "why.h"

/* Fills in a chunk's description; its blocks begin `overhead` bytes into `memory`. */
void harena__describe_chunk(harena__chunk *chunk, char *memory, size_t size, size_t overhead);

/* At least `*size` bytes, aligned to 16, from a source; a source that breaks its promise has no
 * memory. */
char *harena__acquire_from(const harena_source *source, size_t *size, harena_status *status);

/* A chunk with room for `room` bytes, kept or new, that is in no list; NULL, with the reason in
 * `*status`, when there is none. */
harena__chunk *harena__find_chunk(harena__arena *arena, size_t room, harena_status *status);

/* Puts a chunk on top of the stack; it remembers where the arena was. */
void harena__push_chunk(harena__arena *arena, harena__chunk *chunk);

/* Makes the top chunk the current one; the cursor goes to its start. */
void harena__enter_chunk(harena__arena *arena);

/* Takes the top chunk off the stack and goes back to where the arena was. */
harena__chunk *harena__pop_chunk(harena__arena *arena);

/* Takes an empty chunk that is not current out of the stack, from the top or from right below it, and
 * keeps it, or gives it back when it is larger than ordinary chunks. */
void harena__remove_chunk(harena__arena *arena, harena__chunk *chunk);

/* Keeps the top chunk if it is current and holds nothing, and those below likewise. */
void harena__leave_empty_chunks(harena__arena *arena);

/* Puts an empty chunk at the front of those that are kept, or gives it back when it has little
 * room. */
void harena__keep_chunk(harena__arena *arena, harena__chunk *chunk);

/* Gives an empty chunk back, unless a child holds a part of it. */
void harena__give_up_chunk(harena__arena *arena, harena__chunk *chunk);

/* Ends the blocks of every chunk above `bottom`, and keeps the chunks. */
void harena__pop_chunks_above(harena__arena *arena, const harena__chunk *bottom, harena__end why);

/* Ends all blocks and keeps the chunks; the cursor goes to the start of the first one. */
void harena__empty(harena__arena *arena, harena__end why);

/* The same for an arena that nobody watches and that wipes nothing, without a look at each chunk,
 * most of which have long left the cache. False, and nothing is done, when the chunks are better
 * coalesced. */
bool harena__empty_at_once(harena__arena *arena);

/* Ends the blocks in [from, to): wipes them if the arena asks for that. Returns where the arena
 * may go on, which is `from` unless addresses are not reused. */
char *harena__retire(harena__arena *arena, char *from, char *to, harena__end why);

/* The chunk of a stack or list that `address` lies in, or NULL. */
harena__chunk *harena__chunk_of(harena__chunk *list, const void *address);

/* Zeroes memory in a way compilers keep, if the arena asks for wiping. */
void harena__wipe(const harena__arena *arena, char *from, size_t size);

/* Gives kept chunks back until no more than `bytes` are held from the source. */
void harena__shrink_to(harena__arena *arena, size_t bytes);

/* Puts one kept chunk in the place of several small ones, if it can be had. */
void harena__coalesce(harena__arena *arena);

/* Where the blocks of a chunk in use end. */
static inline char *harena__fill(const harena__arena *arena, const harena__chunk *chunk) {
  return chunk == arena->current ? arena->head.cursor : chunk->fill;
}

#endif
