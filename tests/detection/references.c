/* References that no longer, or never, lead to a block of the arena. The near miss resolves while
 * the block lives, or asks with harena_try_deref, which answers NULL. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "sites.h"

SITE static harena_ref refer_to(harena *arena, char *block) {
  return harena_ref_to(arena, block); /* at refer_to */
}

SITE static char *follow_reference(const harena *arena, harena_ref reference) {
  return harena_deref(arena, reference); /* at follow_reference */
}

SITE static char *try_reference(const harena *arena, harena_ref reference) {
  return harena_try_deref(arena, reference); /* at try_reference */
}

static void expect_null(const void *address) {
  if (address) {
    fputs("harena_try_deref gave an address for a bad reference\n", stderr);
    exit(3);
  }
}

/* The bug follows the bad reference; the near miss tries it. */
static void resolve_bad(const struct trial *trial, const harena *arena, harena_ref reference) {
  if (trial->bug) {
    read_byte(follow_reference(arena, reference));
  } else {
    expect_null(try_reference(arena, reference));
  }
}

static void stale_after_clear(const struct trial *trial) {
  harena *arena = open_request();
  harena_ref reference = refer_to(arena, allocate_record(arena));
  read_byte(follow_reference(arena, reference));
  finish_request(arena);
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

/* A new record has taken its place, perhaps its very address. */
static void stale_after_many_clears(const struct trial *trial) {
  harena *arena = open_request();
  harena_ref reference = refer_to(arena, allocate_record(arena));
  finish_request(arena);
  for (int i = 0; i < 100; i++) {
    allocate_filler(arena, 1);
    finish_later_request(arena);
  }
  allocate_neighbour(arena, RECORD);
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

static void stale_after_rewind(const struct trial *trial) {
  harena *arena = open_request();
  harena_ref older = refer_to(arena, allocate_neighbour(arena, 24));
  harena_mark mark = save_place(arena);
  harena_ref reference = refer_to(arena, allocate_record(arena));
  undo(arena, mark);
  allocate_neighbour(arena, RECORD);
  read_byte(follow_reference(arena, older));
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

SITE static harena_ref refer_in_scope(harena *arena) {
  harena_ref reference = {NULL, 0};
  HARENA_SCOPE(arena) { /* at refer_in_scope */
    reference = refer_to(arena, allocate_record(arena));
    read_byte(follow_reference(arena, reference));
  } /* at refer_in_scope */
  return reference;
}

static void stale_after_scope(const struct trial *trial) {
  harena *arena = open_request();
  resolve_bad(trial, arena, refer_in_scope(arena));
  conclude(arena);
}

static void stale_after_delegated_clear(const struct trial *trial) {
  harena *session = open_session();
  harena_options options = {.name = "request", .parent = session, .flags = HARENA_CLEAR_PARENT};
  harena *child = harena_open(&options);
  harena_ref reference = refer_to(child, allocate_record(child));
  finish_request(child);
  resolve_bad(trial, child, reference);
  conclude(session);
}

static void stale_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  harena_ref reference = refer_to(arena, allocate_record(arena));
  finish_request(arena);
  allocate_neighbour(arena, RECORD);
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

/* Only a watcher knows the single block; to the core the generation goes on. */
static void stale_after_free(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  harena_ref reference = refer_to(arena, record);
  allocate_neighbour(arena, 24);
  if (trial->bug) {
    free_block(arena, record, RECORD);
  }
  (void)follow_reference(arena, reference);
  conclude(arena);
}

static void stale_after_move(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  harena_ref reference = refer_to(arena, record);
  allocate_neighbour(arena, 24);
  char *longer = resize_block(arena, record, RECORD, 2 * RECORD);
  if (!trial->bug) {
    reference = refer_to(arena, longer);
  }
  (void)follow_reference(arena, reference);
  conclude(arena);
}

static void foreign(const struct trial *trial) {
  harena *arena = open_request();
  harena *other = open_other();
  harena_ref reference = refer_to(other, allocate_record(other));
  resolve_bad(trial, arena, reference);
  conclude(other);
  conclude(arena);
}

/* A child's blocks are not its parent's. */
static void foreign_of_child(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  harena_ref reference = refer_to(child, allocate_record(child));
  resolve_bad(trial, session, reference);
  conclude(session);
}

/* Made up, or read from a file: no arena has given out its epoch. */
static void forged_epoch(const struct trial *trial) {
  harena *arena = open_request();
  harena_ref reference = {allocate_record(arena), UINT64_C(1) << 60};
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

static void null_reference(const struct trial *trial) {
  harena *arena = open_request();
  harena_ref reference = {NULL, 0};
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

static void null_block(const struct trial *trial) {
  harena *arena = open_request();
  resolve_bad(trial, arena, refer_to(arena, NULL));
  conclude(arena);
}

/* Zeroed memory with an address in it is a null reference still. */
static void null_epoch(const struct trial *trial) {
  harena *arena = open_request();
  harena_ref reference = {allocate_record(arena), 0};
  resolve_bad(trial, arena, reference);
  conclude(arena);
}

const detection_case reference_cases[] = {
    {"stale-after-clear", stale_after_clear},
    {"stale-after-many-clears", stale_after_many_clears},
    {"stale-after-rewind", stale_after_rewind},
    {"stale-after-scope", stale_after_scope},
    {"stale-after-delegated-clear", stale_after_delegated_clear},
    {"stale-in-buffer", stale_in_buffer},
    {"stale-after-free", stale_after_free},
    {"stale-after-move", stale_after_move},
    {"foreign", foreign},
    {"foreign-of-child", foreign_of_child},
    {"forged-epoch", forged_epoch},
    {"null-reference", null_reference},
    {"null-block", null_block},
    {"null-epoch", null_epoch},
    {NULL, NULL},
};
