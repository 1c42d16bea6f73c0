/* The places that a report has to name: where blocks are allocated, ended and touched.
 *
 * Each is a function of its own that no compiler inlines or clones. The line that matters is marked
 * `at NAME`, so that `run` knows file and line without a number that goes stale. */
#ifndef HARENA_TESTS_DETECTION_SITES_H
#define HARENA_TESTS_DETECTION_SITES_H

#include <harena.h>

#include "trial.h"

/* A function whose frame is expected in a report. What is not said to be used elsewhere clang may
 * change: at -O3 a static function is given what it would have read, which its caller reads. */
#if defined(__clang__)
#define SITE __attribute__((noinline, used))
#else
#define SITE __attribute__((noipa))
#endif

/* ---- Arenas ---- */

SITE harena *open_request(void);
SITE harena *open_other(void);
SITE harena *open_session(void);
SITE harena *open_child(harena *parent);
SITE harena *open_with_flags(unsigned flags);
SITE harena *open_limited(void);
SITE harena *open_sourced(void);

enum { BUFFER_SIZE = 8192 };
SITE harena *open_in_buffer(void *buffer);

SITE void finish_request(harena *arena);
SITE void finish_later_request(harena *arena);
SITE void finish_session(harena *arena);
SITE void close_request(harena *arena);
SITE void close_again(harena *arena);
SITE void close_session(harena *arena);

SITE harena_mark save_place(harena *arena);
SITE void undo(harena *arena, harena_mark mark);
SITE void undo_again(harena *arena, harena_mark mark);

SITE void check(harena *arena);

/* Checks what no tool watches, then closes. */
SITE void conclude(harena *arena);

/* ---- Blocks ---- */

/* A record begins with a pointer and goes on with a string that fills it. */
enum { RECORD = 40, RECORD_TEXT = 8 };

SITE char *allocate_record(harena *arena);
SITE char *allocate_block(harena *arena, size_t size);
SITE char *allocate_neighbour(harena *arena, size_t size);
SITE void allocate_filler(harena *arena, size_t count);
SITE void free_block(harena *arena, void *block, size_t size);
SITE void free_again(harena *arena, void *block, size_t size);
SITE char *resize_block(harena *arena, void *block, size_t old_size, size_t new_size);

/* Writes every byte of a block, a record's as above. */
void fill_record(char *record);
void fill_block(char *block, size_t size);

/* ---- Accesses ---- */

/* Looks at a value: a tool that follows undefined values reports here. */
SITE void decide_on(unsigned long value);

SITE void read_byte(char *place);
SITE void read_word(char *place);
SITE void write_byte(char *place);
SITE void write_word(char *place);
SITE void measure_string(char *string);
SITE void copy_from_record(char *record);
SITE void copy_to_record(char *record);
SITE void follow_pointer(char *place);

/* Touches a record in the way that the trial's variant names. */
void touch_record(const struct trial *trial, char *record);

#endif
