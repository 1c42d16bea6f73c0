#include "trial.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

enum { FIXED = 8192 };

/* An arena of the kinds that treat memory differently. */
typedef struct home {
  harena_options options;
  size_t buffer_size;  /* of a fixed arena; else 0 */
  size_t parent_limit; /* of a child's parent; else 0 */
} home;

static const home homes[] = {
    {.options = {.name = "growing"}},
    {.options = {.name = "limited", .limit = 3000}},
    {.options = {.name = "counted", .flags = HARENA_COUNT}},
    {.options = {.name = "recycling", .flags = HARENA_RECYCLE}},
    {.options = {.name = "wiping", .flags = HARENA_ZERO_ON_CLEAR}},
    {.options = {.name = "fixed"}, .buffer_size = FIXED},
    {.options = {.name = "child"}, .parent_limit = 20000},
    {.options = {.name = "counted child", .flags = HARENA_COUNT}, .parent_limit = 1 << 20},
};

static _Alignas(16) char fixed_buffer[FIXED];
static const home *chosen;
static harena *parent;
static size_t at;
static const char *due_panic; /* NULL: none */
static jmp_buf panicked;

void trial_failed(const char *file, int line, const char *what) {
  fprintf(stderr, "%s arena, operation %zu, line %d: not %s (%s, arena: %s)\n",
          harena_instrumented() ? "instrumented" : "release", at, line, what, file,
          chosen->options.name);
  abort();
}

/* ---- Panics and reports ---- */

static void take_panic(const char *message) {
  if (!due_panic || !strstr(message, due_panic)) {
    fprintf(stderr, "panic: %s\n", message);
  }
  must(due_panic && strstr(message, due_panic));
  longjmp(panicked, 1);
}

static void take_report(const char *text, void *context) {
  (void)context;
  if (!due_panic) {
    fputs(text, stderr);
  }
  must(due_panic);
}

void must_panic(const char *part, void (*call)(harena *arena, void *context), harena *arena,
                void *context) {
  due_panic = part;
  if (setjmp(panicked) == 0) {
    call(arena, context);
    fprintf(stderr, "no panic of a %s\n", part);
    abort();
  }
  due_panic = NULL;
}

/* ---- Shortage ---- */

void plan_shortage(const step *it) { plan_faults(it->number % 4, 1 + it->which % 4); }

void must_be_short(const harena *arena) {
  harena_status why = harena_last_status(arena);
  must(why == HARENA_LIMIT || why == HARENA_NO_MEMORY);
  bool is_bounded = chosen->options.limit || chosen->buffer_size || chosen->parent_limit;
  must(is_bounded || faults_happened());
}

/* ---- Steps ---- */

size_t size_of_step(const step *it) {
  size_t number = it->number >> 2;
  return it->number & 3 ? number % 40 : number % 1500;
}

void allocate_between(harena *arena, const step *it) {
  size_t size = size_of_step(it);
  char *block = harena_alloc(arena, size, 8);
  if (block) {
    memset(block, 'b', size);
  } else {
    must_be_short(arena);
  }
}

static step read_step(const uint8_t *bytes) {
  return (step){bytes[0], bytes[1], (uint16_t)(bytes[2] | bytes[3] << 8)};
}

static harena *open_chosen(void) {
  harena_options options = chosen->options;
  if (chosen->buffer_size) {
    return harena_open_in(fixed_buffer, chosen->buffer_size, &options);
  }
  parent =
      chosen->parent_limit ? harena_open(&(harena_options){.limit = chosen->parent_limit}) : NULL;
  options.parent = parent;
  return harena_open(&options);
}

static harena *open_home(uint8_t choice) {
  chosen = &homes[choice % (sizeof homes / sizeof *homes)];
  at = 0;
  forget_faults();
  harena_set_panic_handler(take_panic);
  harena_set_report_callback(take_report, NULL);
  harena *arena = open_chosen();
  must(arena);
  return arena;
}

void run_trial(const uint8_t *bytes, size_t size, trial_begin *begin, trial_step *make_step) {
  if (size == 0) {
    return;
  }
  harena *arena = open_home(*bytes++);
  begin(arena);
  for (size_t left = size - 1; left >= STEP_BYTES && at < MOST_STEPS; left -= STEP_BYTES, at++) {
    step it = read_step(bytes);
    bytes += STEP_BYTES;
    let_faults_happen(true);
    make_step(arena, &it);
    let_faults_happen(false);
  }
  must(harena_check(arena) == 0);
  harena_close(arena);
  harena_close(parent);
  parent = NULL;
}
