/* Every function that allocates, each called from a place of its own, which a report has to name.
 */
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "sites.h"

SITE static char *with_alloc_16(harena *arena) {
  return harena_alloc(arena, RECORD, 16); /* at with_alloc_16 */
}

SITE static char *with_alloc_64(harena *arena) {
  return harena_alloc(arena, RECORD, 64); /* at with_alloc_64 */
}

static volatile size_t runtime_align = 4096;

SITE static char *with_alloc_runtime(harena *arena) {
  return harena_alloc(arena, RECORD, runtime_align); /* at with_alloc_runtime */
}

SITE static char *with_alloc_byte(harena *arena) {
  return harena_alloc(arena, RECORD, 1); /* at with_alloc_byte */
}

SITE static char *with_zeroed(harena *arena) {
  return harena_alloc_zeroed(arena, RECORD, 8); /* at with_zeroed */
}

SITE static char *with_array(harena *arena) {
  return harena_alloc_array(arena, RECORD / 4, 4, 4); /* at with_array */
}

SITE static char *with_array_zeroed(harena *arena) {
  return harena_alloc_array_zeroed(arena, RECORD / 4, 4, 4); /* at with_array_zeroed */
}

SITE static char *with_between(harena *arena) {
  size_t size;
  return harena_alloc_between(arena, RECORD, RECORD, 8, &size); /* at with_between */
}

SITE static char *with_realloc(harena *arena) {
  return harena_realloc(arena, NULL, 0, RECORD, 8); /* at with_realloc */
}

SITE static char *with_dup(harena *arena) {
  static const char original[RECORD] = "original";
  return harena_dup(arena, original, sizeof original, 8); /* at with_dup */
}

static const char text[] = "a string of thirty-nine characters, yes";
_Static_assert(sizeof text == RECORD, "the copies are as long as a record");

SITE static char *with_strdup(harena *arena) {
  return harena_strdup(arena, text); /* at with_strdup */
}

SITE static char *with_strndup(harena *arena) {
  return harena_strndup(arena, text, 1000); /* at with_strndup */
}

SITE static char *with_printf(harena *arena) {
  return harena_printf(arena, "%s", text); /* at with_printf */
}

SITE static char *print_arguments(harena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *string = harena_vprintf(arena, format, arguments); /* at print_arguments */
  va_end(arguments);
  return string;
}

static char *with_vprintf(harena *arena) { return print_arguments(arena, "%s", text); }

struct item {
  uint64_t words[RECORD / 8];
};

SITE static char *with_new(harena *arena) {
  return (char *)harena_new(arena, struct item); /* at with_new */
}

SITE static char *with_new_zeroed(harena *arena) {
  return (char *)harena_new_zeroed(arena, struct item); /* at with_new_zeroed */
}

SITE static char *with_new_array(harena *arena) {
  return (char *)harena_new_array(arena, uint64_t, RECORD / 8); /* at with_new_array */
}

SITE static char *with_new_array_zeroed(harena *arena) {
  uint64_t *words = harena_new_array_zeroed(arena, uint64_t, 5); /* at with_new_array_zeroed */
  return (char *)words;
}

typedef struct allocator {
  const char *name;
  char *(*allocate)(harena *arena);
} allocator;

static const allocator allocators[] = {
    {"with_alloc_16", with_alloc_16},
    {"with_alloc_64", with_alloc_64},
    {"with_alloc_runtime", with_alloc_runtime},
    {"with_alloc_byte", with_alloc_byte},
    {"with_zeroed", with_zeroed},
    {"with_array", with_array},
    {"with_array_zeroed", with_array_zeroed},
    {"with_between", with_between},
    {"with_realloc", with_realloc},
    {"with_dup", with_dup},
    {"with_strdup", with_strdup},
    {"with_strndup", with_strndup},
    {"with_printf", with_printf},
    {"print_arguments", with_vprintf},
    {"with_new", with_new},
    {"with_new_zeroed", with_new_zeroed},
    {"with_new_array", with_new_array},
    {"with_new_array_zeroed", with_new_array_zeroed},
};

static char *allocate_by_name(const struct trial *trial, harena *arena) {
  for (size_t i = 0; i < sizeof allocators / sizeof allocators[0]; i++) {
    if (trial_is(trial, allocators[i].name)) {
      return allocators[i].allocate(arena);
    }
  }
  trial_unknown(trial);
}

/* Allocated here, ended there, written to: both places are in the report. */
static void named_allocator(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_by_name(trial, arena);
  if (trial->bug) {
    finish_request(arena);
  }
  write_word(block);
  conclude(arena);
}

/* The ends of a block, its size as the report gives it. */
static void named_allocator_overrun(const struct trial *trial) {
  harena *arena = open_request();
  char *block = allocate_by_name(trial, arena);
  write_byte(block + RECORD - (trial->bug ? 0 : 1));
  conclude(arena);
}

const detection_case allocator_cases[] = {
    {"allocator-then-clear", named_allocator},
    {"allocator-then-overrun", named_allocator_overrun},
    {NULL, NULL},
};
