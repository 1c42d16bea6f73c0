#include "sites.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Arenas ---- */

static harena *or_die(harena *arena) {
  if (!arena) {
    perror("opening an arena");
    exit(3);
  }
  return arena;
}

static void *block_or_die(void *block) {
  if (!block) {
    perror("allocating a block");
    exit(3);
  }
  return block;
}

SITE harena *open_request(void) {
  harena_options options = {.name = "request"};
  return or_die(harena_open(&options)); /* at open_request */
}

SITE harena *open_other(void) {
  harena_options options = {.name = "other"};
  return or_die(harena_open(&options)); /* at open_other */
}

SITE harena *open_session(void) {
  harena_options options = {.name = "session"};
  return or_die(harena_open(&options)); /* at open_session */
}

SITE harena *open_child(harena *parent) {
  harena_options options = {.name = "request", .parent = parent};
  return or_die(harena_open(&options)); /* at open_child */
}

SITE harena *open_with_flags(unsigned flags) {
  harena_options options = {.name = "request", .flags = flags};
  return or_die(harena_open(&options)); /* at open_with_flags */
}

SITE harena *open_limited(void) {
  harena_options options = {.name = "request", .limit = 1000};
  return or_die(harena_open(&options)); /* at open_limited */
}

static void *acquire_from_heap(void *context, size_t *size, size_t align) {
  (void)context;
  return align <= _Alignof(max_align_t) ? malloc(*size) : NULL;
}

static void release_to_heap(void *context, void *chunk, size_t size) {
  (void)context;
  (void)size;
  free(chunk);
}

SITE harena *open_sourced(void) {
  harena_source source = {acquire_from_heap, release_to_heap, NULL};
  harena_options options = {.name = "request", .source = &source};
  return or_die(harena_open(&options)); /* at open_sourced */
}

SITE harena *open_in_buffer(void *buffer) {
  harena_options options = {.name = "request"};
  return or_die(harena_open_in(buffer, BUFFER_SIZE, &options)); /* at open_in_buffer */
}

SITE void finish_request(harena *arena) { harena_clear(arena); } /* at finish_request */

SITE void finish_later_request(harena *arena) { harena_clear(arena); } /* at finish_later_request */

SITE void finish_session(harena *arena) { harena_clear(arena); } /* at finish_session */

SITE void close_request(harena *arena) { harena_close(arena); } /* at close_request */

SITE void close_again(harena *arena) { harena_close(arena); } /* at close_again */

SITE void close_session(harena *arena) { harena_close(arena); } /* at close_session */

SITE harena_mark save_place(harena *arena) { return harena_save(arena); } /* at save_place */

SITE void undo(harena *arena, harena_mark mark) { harena_rewind(arena, mark); } /* at undo */

SITE void undo_again(harena *arena, harena_mark mark) {
  harena_rewind(arena, mark); /* at undo_again */
}

SITE void check(harena *arena) { harena_check(arena); } /* at check */

SITE void conclude(harena *arena) {
  harena_check(arena); /* at conclude */
  harena_close(arena); /* at conclude */
}

/* ---- Blocks ---- */

SITE char *allocate_record(harena *arena) {
  char *record = harena_alloc(arena, RECORD, 8); /* at allocate_record */
  fill_record(block_or_die(record));
  return record;
}

SITE char *allocate_block(harena *arena, size_t size) {
  char *block = harena_alloc(arena, size, 8); /* at allocate_block */
  fill_block(block_or_die(block), size);
  return block;
}

SITE char *allocate_neighbour(harena *arena, size_t size) {
  char *block = harena_alloc(arena, size, 8); /* at allocate_neighbour */
  fill_block(block_or_die(block), size);
  return block;
}

SITE void allocate_filler(harena *arena, size_t count) {
  for (size_t i = 0; i < count; i++) {
    fill_block(block_or_die(harena_alloc(arena, RECORD, 8)), RECORD);
  }
}

SITE void free_block(harena *arena, void *block, size_t size) {
  harena_free(arena, block, size); /* at free_block */
}

SITE void free_again(harena *arena, void *block, size_t size) {
  harena_free(arena, block, size); /* at free_again */
}

SITE char *resize_block(harena *arena, void *block, size_t old_size, size_t new_size) {
  return block_or_die(harena_realloc(arena, block, old_size, new_size, 8)); /* at resize_block */
}

void fill_record(char *record) {
  static const char pointed_at[] = "a string outside";
  const char *pointer = pointed_at;
  memset(record, 0, RECORD_TEXT);
  memcpy(record, &pointer, sizeof pointer);
  memset(record + RECORD_TEXT, 'x', RECORD - RECORD_TEXT);
  record[RECORD - 1] = '\0';
}

void fill_block(char *block, size_t size) { memset(block, 'x', size); }

/* ---- Accesses ---- */

/* A branch that no compiler turns into a computation, because one side does what it cannot see. */
SITE void decide_on(unsigned long value) {
  if (value == 42) {
    __asm__ volatile("" ::: "memory"); /* at decide_on */
    puts("never seen");
  }
}

SITE void read_byte(char *place) { decide_on(*(volatile unsigned char *)place); } /* at read_byte */

SITE void read_word(char *place) {
  decide_on((unsigned long)*(volatile uint64_t *)(void *)place); /* at read_word */
}

SITE void write_byte(char *place) { *(volatile unsigned char *)place = '!'; } /* at write_byte */

SITE void write_word(char *place) {
  *(volatile uint64_t *)(void *)place = 0x2121212121212121; /* at write_word */
}

SITE void measure_string(char *string) { decide_on(strlen(string)); } /* at measure_string */

/* A size that no compiler knows, so that the copy is a call. */
static volatile size_t record_size = RECORD;

SITE void copy_from_record(char *record) {
  char copy[RECORD] = {0};
  memcpy(copy, record, record_size); /* at copy_from_record */
  read_byte(copy);
}

SITE void copy_to_record(char *record) {
  char original[RECORD];
  memset(original, '!', sizeof original);
  memcpy(record, original, record_size); /* at copy_to_record */
}

/* What was zeroed, or given back to the system, leads nowhere. */
SITE void follow_pointer(char *place) {
  const char *pointer = *(const char *volatile *)(void *)place; /* at follow_pointer */
  if (pointer) {
    decide_on(*(const volatile unsigned char *)pointer); /* at follow_pointer */
  }
}

typedef struct access {
  const char *name;
  void (*touch)(char *place);
  size_t offset;
} access;

static const access accesses[] = {
    {"read-word", read_word, 0},
    {"write-word", write_word, 0},
    {"read-last-byte", read_byte, RECORD - 1},
    {"write-last-byte", write_byte, RECORD - 1},
    {"read-interior", read_byte, RECORD / 2},
    {"write-interior", write_byte, RECORD / 2},
    {"string", measure_string, RECORD_TEXT},
    {"copy-from", copy_from_record, 0},
    {"copy-to", copy_to_record, 0},
    {"follow-pointer", follow_pointer, 0},
};

void touch_record(const struct trial *trial, char *record) {
  for (size_t i = 0; i < sizeof accesses / sizeof accesses[0]; i++) {
    if (trial_is(trial, accesses[i].name)) {
      accesses[i].touch(record + accesses[i].offset);
      return;
    }
  }
  trial_unknown(trial);
}
