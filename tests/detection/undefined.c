/* Bytes that are read before they were written. The variant says how the value is used; the near
 * miss writes, or asks for zeroed memory. */
#include <string.h>

#include "sites.h"

SITE static char *allocate_undefined(harena *arena, size_t size) {
  return harena_alloc(arena, size, 8); /* at allocate_undefined */
}

SITE static char *allocate_zeroed(harena *arena, size_t size) {
  return harena_alloc_zeroed(arena, size, 8); /* at allocate_zeroed */
}

static char *allocate(const struct trial *trial, harena *arena, size_t size) {
  return trial->bug ? allocate_undefined(arena, size) : allocate_zeroed(arena, size);
}

static void fresh(const struct trial *trial) {
  harena *arena = open_request();
  read_byte(allocate(trial, arena, 40) + 39);
  conclude(arena);
}

/* The memory was written in an earlier generation, which must not count. */
static void after_clear(const struct trial *trial) {
  harena *arena = open_request();
  allocate_filler(arena, 10);
  finish_request(arena);
  read_byte(allocate(trial, arena, 40) + 39);
  conclude(arena);
}

static void after_rewind(const struct trial *trial) {
  harena *arena = open_request();
  harena_mark mark = save_place(arena);
  allocate_filler(arena, 10);
  undo(arena, mark);
  read_byte(allocate(trial, arena, 40) + 39);
  conclude(arena);
}

/* Freed often enough that no quarantine holds the first of them back. */
static void read_recycled(const struct trial *trial, bool last) {
  harena *arena = open_with_flags(HARENA_RECYCLE);
  size_t size = (size_t)64 << 10;
  for (int i = 0; i < 40; i++) {
    char *block = allocate_block(arena, size);
    allocate_neighbour(arena, 8);
    free_block(arena, block, size);
  }
  read_byte(allocate(trial, arena, size) + (last ? size - 1 : 0));
  conclude(arena);
}

static void after_free(const struct trial *trial) { read_recycled(trial, true); }

/* Where the library has written meanwhile. */
static void after_free_at_start(const struct trial *trial) { read_recycled(trial, false); }

static void in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  read_byte(allocate(trial, arena, 40) + 39);
  conclude(arena);
}

static void from_source(const struct trial *trial) {
  harena *arena = open_sourced();
  read_byte(allocate(trial, arena, 40) + 39);
  conclude(arena);
}

/* What was there before stays defined; what was gained is not. */
static void grown_in_place(const struct trial *trial) {
  harena *arena = open_request();
  char *block = resize_block(arena, allocate_block(arena, 40), 40, 80);
  read_byte(block + (trial->bug ? 40 : 39));
  conclude(arena);
}

static void grown_by_moving(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_block(arena, 40);
  allocate_neighbour(arena, 40);
  block = resize_block(arena, block, 40, 80);
  read_byte(block + (trial->bug ? 40 : 39));
  conclude(arena);
}

/* A member that was added later is not among those that are set. */
struct node {
  int weight;
  int depth;
};

SITE static struct node *new_node(harena *arena) {
  struct node *node = harena_new(arena, struct node); /* at new_node */
  node->weight = 1;
  return node;
}

SITE static void compare_depth(const struct node *node) {
  decide_on((unsigned long)*(const volatile int *)&node->depth); /* at compare_depth */
}

static void forgotten_member(const struct trial *trial) {
  harena *arena = open_request();
  struct node *node = new_node(arena);
  if (!trial->bug) {
    node->depth = 1;
  }
  compare_depth(node);
  conclude(arena);
}

/* A copy is as undefined as its original. */
static void copied(const struct trial *trial) {
  harena *arena = open_request();
  char *original = allocate(trial, arena, 40);
  char *copy = allocate_block(arena, 40);
  memcpy(copy, original, 40);
  read_byte(copy + 39);
  conclude(arena);
}

const detection_case undefined_cases[] = {
    {"undefined-fresh", fresh},
    {"undefined-after-clear", after_clear},
    {"undefined-after-rewind", after_rewind},
    {"undefined-after-free", after_free},
    {"undefined-after-free-at-start", after_free_at_start},
    {"undefined-in-buffer", in_buffer},
    {"undefined-from-source", from_source},
    {"undefined-grown-in-place", grown_in_place},
    {"undefined-grown-by-moving", grown_by_moving},
    {"undefined-forgotten-member", forgotten_member},
    {"undefined-copied", copied},
    {NULL, NULL},
};
