/* Accesses before and behind a block. The near miss touches the last (or first) byte inside. */
#include <stdint.h>
#include <string.h>

#include "sites.h"

/* ---- Behind ---- */

/* The variant is the block's size: every way to lie in a granule of 8. */
static void overrun_by_a_byte(const struct trial *trial) {
  harena *arena = open_request();
  size_t size = trial_number(trial);
  char *block = allocate_block(arena, size);
  write_byte(block + size - (trial->bug ? 0 : 1));
  conclude(arena);
}

static void overread_by_a_byte(const struct trial *trial) {
  harena *arena = open_request();
  size_t size = trial_number(trial);
  char *block = allocate_block(arena, size);
  read_byte(block + size - (trial->bug ? 0 : 1));
  conclude(arena);
}

static void overrun_by_a_word(const struct trial *trial) {
  harena *arena = open_request();
  size_t size = trial_number(trial);
  char *block = allocate_block(arena, size);
  write_word(block + size - (trial->bug ? 0 : 8));
  conclude(arena);
}

/* Half of the word is inside. */
static void overrun_by_half_a_word(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, trial->bug ? 20 : 24);
  write_word(block + 16);
  conclude(arena);
}

/* The report names the block that was left, not the one that comes next. */
static void overrun_towards_neighbour(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, 24);
  allocate_neighbour(arena, 64);
  char *place = block + (trial->bug ? 24 : 23);
  if (trial_is(trial, "read")) {
    read_byte(place);
  } else {
    write_byte(place);
  }
  conclude(arena);
}

SITE static uint32_t *allocate_numbers(harena *arena, size_t count) {
  uint32_t *numbers = harena_new_array(arena, uint32_t, count); /* at allocate_numbers */
  fill_block((char *)numbers, count * sizeof *numbers);
  return numbers;
}

SITE static void write_numbers(uint32_t *numbers, size_t count) {
  for (size_t i = 0; i < count; i++) {     /* at write_numbers */
    ((volatile uint32_t *)numbers)[i] = 7; /* at write_numbers */
  }
}

static void overrun_of_array(const struct trial *trial) {
  harena *arena = open_request();
  uint32_t *numbers = allocate_numbers(arena, 10);
  write_numbers(numbers, trial->bug ? 11 : 10);
  conclude(arena);
}

/* Sizes that no compiler knows, so that the calls stay calls. */
static const char *volatile source_string = "twelve chars";
static volatile size_t thirteen = 13;

SITE static void copy_string(char *place) { strcpy(place, source_string); } /* at copy_string */

SITE static void set_bytes(char *place, size_t size) {
  memset(place, '!', size); /* at set_bytes */
}

SITE static void move_bytes(char *place, size_t size) {
  memmove(place, place + 8, size); /* at move_bytes */
}

/* The variant is the function of the C library that goes too far: by the NUL, or by one. */
static void overrun_by_call(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, trial->bug ? 12 : 13);
  if (trial_is(trial, "strcpy")) {
    copy_string(block);
  } else if (trial_is(trial, "memset")) {
    set_bytes(block, thirteen);
  } else {
    trial_unknown(trial);
  }
  conclude(arena);
}

/* Reads behind the block, writes inside. */
static void overread_by_call(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, 24);
  move_bytes(block, trial->bug ? 17 : 16);
  conclude(arena);
}

/* A large block has a larger redzone. */
static void overrun_of_large_block(const struct trial *trial) {
  harena *arena = open_request();
  size_t size = (size_t)64 << 10;
  char *block = allocate_block(arena, size);
  write_byte(trial->bug ? block + size + 40 : block + size - 1);
  conclude(arena);
}

SITE static char *allocate_aligned(harena *arena, size_t align) {
  char *block = harena_alloc(arena, 100, align); /* at allocate_aligned */
  fill_block(block, 100);
  return block;
}

/* The variant is the alignment. */
static void overrun_of_aligned_block(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_aligned(arena, trial_number(trial));
  write_byte(block + (trial->bug ? 100 : 99));
  conclude(arena);
}

SITE static char *allocate_rest(harena *arena, size_t *size) {
  char *block = harena_alloc_between(arena, 1, (size_t)1 << 30, 8, size); /* at allocate_rest */
  fill_block(block, *size);
  return block;
}

/* The block that takes all that is left of its chunk. */
static void overrun_of_chunks_last_block(const struct trial *trial) {
  harena *arena = open_request();
  size_t size;
  char *block = allocate_rest(arena, &size);
  write_byte(block + size - (trial->bug ? 0 : 1));
  conclude(arena);
}

/* Growing moves the end, wherever the block goes; shrinking moves it back. */
static void overrun_of_resized_block(const struct trial *trial) {
  harena *arena = open_request();
  size_t size = trial_number(trial);
  char *block = resize_block(arena, allocate_block(arena, 64), 64, size);
  write_byte(block + size - (trial->bug ? 0 : 1));
  conclude(arena);
}

/* In a caller's buffer there are no redzones: what is poisoned is the rest of a granule, and what
 * is not handed out yet. */
static void overrun_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  size_t size = trial_number(trial);
  char *block = allocate_block(arena, size);
  write_byte(block + size - (trial->bug ? 0 : 1));
  conclude(arena);
}

/* Found where the variant says, when no tool is there to see the access. */
static void overrun_then_checked(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark mark = save_place(arena);
  char *block = allocate_block(arena, 24);
  write_byte(block + (trial->bug ? 24 : 23));
  if (trial_is(trial, "free")) {
    free_block(arena, block, 24);
  } else if (trial_is(trial, "rewind")) {
    undo(arena, mark);
  } else if (trial_is(trial, "clear")) {
    finish_request(arena);
  } else if (trial_is(trial, "close")) {
    close_request(arena);
    return;
  } else {
    trial_unknown(trial);
  }
  conclude(arena);
}

/* ---- Before ---- */

/* The variant is the block's size. */
static void underrun_by_a_byte(const struct trial *trial) {
  harena *arena = open_request();
  allocate_neighbour(arena, 24);
  char *block = allocate_block(arena, trial_number(trial));
  write_byte(block - (trial->bug ? 1 : 0));
  conclude(arena);
}

static void underread_by_a_byte(const struct trial *trial) {
  harena *arena = open_request();
  allocate_neighbour(arena, 24);
  char *block = allocate_block(arena, trial_number(trial));
  read_byte(block - (trial->bug ? 1 : 0));
  conclude(arena);
}

static void underrun_by_a_word(const struct trial *trial) {
  harena *arena = open_request();
  allocate_neighbour(arena, 24);
  char *block = allocate_block(arena, 24);
  write_word(block - (trial->bug ? 8 : 0));
  conclude(arena);
}

/* Nothing but the arena's own record lies before the first block. */
static void underrun_of_first_block(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, 24);
  write_byte(block - (trial->bug ? 1 : 0));
  conclude(arena);
}

static void underrun_of_aligned_block(const struct trial *trial) {
  harena *arena = open_request();
  allocate_neighbour(arena, 24);
  char *block = allocate_aligned(arena, trial_number(trial));
  write_byte(block - (trial->bug ? 1 : 0));
  conclude(arena);
}

/* ---- Beyond every promise ---- */

/* What lands in a live block next door is an access like any other. */
static void far_into_neighbour(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, 24);
  char *neighbour = allocate_neighbour(arena, 64);
  volatile uintptr_t distance = (uintptr_t)neighbour - (uintptr_t)block;
  write_byte(trial->bug ? block + distance : block);
  conclude(arena);
}

const detection_case bounds_cases[] = {
    {"overrun-by-a-byte", overrun_by_a_byte},
    {"overread-by-a-byte", overread_by_a_byte},
    {"overrun-by-a-word", overrun_by_a_word},
    {"overrun-by-half-a-word", overrun_by_half_a_word},
    {"overrun-towards-neighbour", overrun_towards_neighbour},
    {"overrun-of-array", overrun_of_array},
    {"overrun-by-call", overrun_by_call},
    {"overread-by-call", overread_by_call},
    {"overrun-of-large-block", overrun_of_large_block},
    {"overrun-of-aligned-block", overrun_of_aligned_block},
    {"overrun-of-chunks-last-block", overrun_of_chunks_last_block},
    {"overrun-of-resized-block", overrun_of_resized_block},
    {"overrun-in-buffer", overrun_in_buffer},
    {"overrun-then-checked", overrun_then_checked},
    {"underrun-by-a-byte", underrun_by_a_byte},
    {"underread-by-a-byte", underread_by_a_byte},
    {"underrun-by-a-word", underrun_by_a_word},
    {"underrun-of-first-block", underrun_of_first_block},
    {"underrun-of-aligned-block", underrun_of_aligned_block},
    {"far-into-neighbour", far_into_neighbour},
    {NULL, NULL},
};
