/* The heap patterns of the Juliet test suite 1.3 (NIST; public domain), rewritten for an arena:
 * malloc() is an allocation, free() is harena_free() or the arena's clear. What the suite calls
 * "good" is the near miss. The variant is PATTERN+ROUTE: how the memory is misused, and how the
 * pointer gets there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "../sites.h"
#include "routes.h"

/* ---- Variants ---- */

typedef struct variant {
  char pattern[40];
  route_fn *route;
} variant;

static variant variant_of(const struct trial *trial) {
  variant it = {.route = NULL};
  const char *plus = strchr(trial->variant, '+');
  if (!plus) {
    trial_unknown(trial);
  }
  snprintf(it.pattern, sizeof it.pattern, "%.*s", (int)(plus - trial->variant), trial->variant);
  it.route = find_route(plus + 1);
  return it;
}

typedef struct pair {
  int one;
  int two;
} pair;

typedef struct element {
  const char *name;
  size_t size;
} element;

static const element elements[] = {
    {"char", 1},
    {"int", sizeof(int)},
    {"int64", sizeof(int64_t)},
    {"long", sizeof(long)},
    {"struct", sizeof(pair)},
    {"wide", sizeof(wchar_t)},
};

static size_t element_size(const struct trial *trial, const char *name) {
  for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
    if (strcmp(name, elements[i].name) == 0) {
      return elements[i].size;
    }
  }
  trial_unknown(trial);
}

/* ---- Ways to copy ---- */

enum { MANY = 100, FEW = 56, ELEMENTS = 8 };

/* What is copied: MANY characters and their NUL, narrow and wide. */
static char narrow_text[MANY + 1];
static wchar_t wide_text[MANY + 1];

static void make_texts(size_t length) {
  for (size_t i = 0; i < length; i++) {
    narrow_text[i] = 'J';
    wide_text[i] = L'J';
  }
  narrow_text[length] = '\0';
  wide_text[length] = L'\0';
}

/* A copy of `length` characters with their NUL. The sizes are such that no compiler knows them. */
typedef void copy_fn(char *to, const char *from, size_t length);

SITE static void copy_by_loop(char *to, const char *from, size_t length) {
  for (size_t i = 0; i <= length; i++) { /* at copy_by_loop */
    ((volatile char *)to)[i] = from[i];  /* at copy_by_loop */
  }
}

SITE static void copy_by_memcpy(char *to, const char *from, size_t length) {
  memcpy(to, from, length + 1); /* at copy_by_memcpy */
}

SITE static void copy_by_memmove(char *to, const char *from, size_t length) {
  memmove(to, from, length + 1); /* at copy_by_memmove */
}

SITE static void copy_by_strcpy(char *to, const char *from, size_t length) {
  (void)length;
  strcpy(to, from); /* at copy_by_strcpy */
}

SITE static void copy_by_strncpy(char *to, const char *from, size_t length) {
  strncpy(to, from, length + 1); /* at copy_by_strncpy */
}

SITE static void copy_by_strcat(char *to, const char *from, size_t length) {
  (void)length;
  to[0] = '\0';     /* at copy_by_strcat */
  strcat(to, from); /* at copy_by_strcat */
}

SITE static void copy_by_strncat(char *to, const char *from, size_t length) {
  to[0] = '\0';              /* at copy_by_strncat */
  strncat(to, from, length); /* at copy_by_strncat */
}

SITE static void copy_by_snprintf(char *to, const char *from, size_t length) {
  snprintf(to, length + 1, "%s", from); /* at copy_by_snprintf */
}

static const struct {
  const char *name;
  copy_fn *copy;
} copies[] = {
    {"loop", copy_by_loop},       {"memcpy", copy_by_memcpy},     {"memmove", copy_by_memmove},
    {"strcpy", copy_by_strcpy},   {"strncpy", copy_by_strncpy},   {"strcat", copy_by_strcat},
    {"strncat", copy_by_strncat}, {"snprintf", copy_by_snprintf},
};

static copy_fn *find_copy(const struct trial *trial, const char *name) {
  for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++) {
    if (strcmp(name, copies[i].name) == 0) {
      return copies[i].copy;
    }
  }
  trial_unknown(trial);
}

/* ---- CWE-122: heap-based buffer overflow ---- */

/* Text of 100 characters into a block for 56 (CWE-805, CWE-806). */
static void overflow_large(const struct trial *trial) {
  variant it = variant_of(trial);
  make_texts(MANY);
  harena *arena = open_request();
  char *block = it.route(allocate_block(arena, trial->bug ? FEW : MANY + 1));
  find_copy(trial, it.pattern)(block, narrow_text, MANY);
  conclude(arena);
}

/* No room for the NUL (CWE-193). */
static void overflow_terminator(const struct trial *trial) {
  variant it = variant_of(trial);
  make_texts(10);
  harena *arena = open_request();
  char *block = it.route(allocate_block(arena, trial->bug ? 10 : 11));
  find_copy(trial, it.pattern)(block, narrow_text, 10);
  conclude(arena);
}

SITE static void copy_wide(wchar_t *to, const wchar_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    ((volatile wchar_t *)to)[i] = from[i]; /* at copy_wide */
  }
}

SITE static void copy_wide_at_once(wchar_t *to, const wchar_t *from, size_t count) {
  wmemcpy(to, from, count); /* at copy_wide_at_once */
}

static void overflow_wide(const struct trial *trial) {
  variant it = variant_of(trial);
  make_texts(10);
  harena *arena = open_request();
  char *block = it.route(allocate_block(arena, (trial->bug ? 10 : 11) * sizeof(wchar_t)));
  bool at_once = strcmp(it.pattern, "wmemcpy") == 0;
  (at_once ? copy_wide_at_once : copy_wide)((wchar_t *)(void *)block, wide_text, 11);
  conclude(arena);
}

/* Room for eight bytes where eight elements were meant (CWE-131). */
static void overflow_sizeof(const struct trial *trial) {
  static const char zeros[ELEMENTS * sizeof(int64_t)];
  variant it = variant_of(trial);
  size_t size = ELEMENTS * element_size(trial, it.pattern);
  harena *arena = open_request();
  char *block = it.route(allocate_block(arena, trial->bug ? ELEMENTS : size));
  copy_by_memcpy(block, zeros, size - 1);
  conclude(arena);
}

SITE static void write_at(int *numbers, size_t index) {
  ((volatile int *)numbers)[index] = 1; /* at write_at */
}

SITE static void read_at(int *numbers, size_t index) {
  decide_on((unsigned long)((volatile int *)numbers)[index]); /* at read_at */
}

/* An index that came from outside was not checked (CWE-129). */
static void overflow_index(const struct trial *trial) {
  variant it = variant_of(trial);
  harena *arena = open_request();
  int *numbers = (int *)(void *)it.route(allocate_block(arena, 10 * sizeof(int)));
  size_t index = trial->bug ? 10 : 9;
  (strcmp(it.pattern, "write") == 0 ? write_at : read_at)(numbers, index);
  conclude(arena);
}

/* ---- CWE-124, CWE-127: before the buffer ---- */

/* Eight bytes before the block, as after a pointer was moved back too often. */
static void underwrite(const struct trial *trial) {
  variant it = variant_of(trial);
  make_texts(FEW);
  harena *arena = open_request();
  allocate_neighbour(arena, 64);
  char *block = it.route(allocate_block(arena, FEW + 1));
  find_copy(trial, it.pattern)(block - (trial->bug ? 8 : 0), narrow_text, FEW);
  conclude(arena);
}

static void underread(const struct trial *trial) {
  variant it = variant_of(trial);
  char to[FEW + 1] = "";
  harena *arena = open_request();
  allocate_neighbour(arena, 64);
  char *block = it.route(allocate_block(arena, FEW + 1));
  find_copy(trial, it.pattern)(to, block - (trial->bug ? 8 : 0), FEW);
  read_byte(to);
  conclude(arena);
}

/* ---- CWE-126: buffer over-read ---- */

static void overread(const struct trial *trial) {
  variant it = variant_of(trial);
  char to[MANY + 1] = "";
  harena *arena = open_request();
  char *block = it.route(allocate_block(arena, trial->bug ? FEW : MANY + 1));
  find_copy(trial, it.pattern)(to, block, MANY);
  read_byte(to);
  conclude(arena);
}

/* ---- CWE-415, CWE-416: freed twice, used after free ---- */

static void freed_twice(const struct trial *trial) {
  variant it = variant_of(trial);
  size_t size = 100 * element_size(trial, it.pattern);
  harena *arena = open_request();
  char *block = allocate_block(arena, size);
  if (trial->bug) {
    free_block(arena, block, size);
  }
  free_again(arena, it.route(block), size);
  conclude(arena);
}

static void used_after(const struct trial *trial, void (*end)(harena *arena, char *, size_t)) {
  variant it = variant_of(trial);
  size_t size = 100 * element_size(trial, it.pattern);
  harena *arena = open_request();
  char *block = allocate_block(arena, size);
  if (trial->bug) {
    end(arena, block, size);
  }
  read_byte(it.route(block));
  conclude(arena);
}

static void end_by_free(harena *arena, char *block, size_t size) { free_block(arena, block, size); }

static void end_by_clear(harena *arena, char *block, size_t size) {
  (void)block;
  (void)size;
  finish_request(arena);
}

static void used_after_free(const struct trial *trial) { used_after(trial, end_by_free); }

static void used_after_clear(const struct trial *trial) { used_after(trial, end_by_clear); }

/* A function that frees what it returns. */
SITE static char *reverse(harena *arena, const char *text, bool frees) {
  size_t length = strlen(text);
  char *reversed = allocate_block(arena, length + 1);
  for (size_t i = 0; i < length; i++) {
    reversed[i] = text[length - 1 - i];
  }
  reversed[length] = '\0';
  if (frees) {
    free_block(arena, reversed, length + 1);
  }
  return reversed;
}

static void returned_after_free(const struct trial *trial) {
  variant it = variant_of(trial);
  harena *arena = open_request();
  read_byte(it.route(reverse(arena, "returned", trial->bug)));
  conclude(arena);
}

/* ---- CWE-457: use of an uninitialised variable ---- */

SITE static char *allocate_unset(harena *arena, size_t size) {
  return harena_alloc(arena, size, 8); /* at allocate_unset */
}

/* The pattern is the element; of ten, none or half are set. */
static void unset(const struct trial *trial, size_t set) {
  variant it = variant_of(trial);
  size_t size = element_size(trial, it.pattern);
  harena *arena = open_request();
  char *block = it.route(allocate_unset(arena, 10 * size));
  fill_block(block, (trial->bug ? set : 10) * size);
  read_byte(block + 9 * size);
  conclude(arena);
}

static void none_set(const struct trial *trial) { unset(trial, 0); }

static void half_set(const struct trial *trial) { unset(trial, 5); }

/* ---- CWE-401: memory that is never given back ---- */

/* Nobody is left who could close the arena. */
SITE static void serve(bool closes) {
  harena *arena = open_request();
  allocate_record(arena);
  if (closes) {
    close_request(arena);
  }
}

static void never_closed(const struct trial *trial) {
  for (int i = 0; i < 3; i++) {
    serve(!trial->bug);
  }
}

const detection_case juliet_cases[] = {
    {"juliet-122-large", overflow_large},
    {"juliet-122-terminator", overflow_terminator},
    {"juliet-122-wide", overflow_wide},
    {"juliet-122-sizeof", overflow_sizeof},
    {"juliet-122-index", overflow_index},
    {"juliet-124", underwrite},
    {"juliet-126", overread},
    {"juliet-127", underread},
    {"juliet-401", never_closed},
    {"juliet-415", freed_twice},
    {"juliet-416-free", used_after_free},
    {"juliet-416-clear", used_after_clear},
    {"juliet-416-returned", returned_after_free},
    {"juliet-457-none", none_set},
    {"juliet-457-half", half_set},
    {NULL, NULL},
};
