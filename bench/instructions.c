/* Runs each case that bench/instructions counts, under callgrind, which writes one figure at each
 * return from counted(). Every case runs twice with different counts; the difference has no
 * start-up in it. Prints the cases in the order of the figures: name, contender, operations. With
 * the argument `watched` they are those of the instrumented library. */
#include "contender.h"

#include <harena/arena.h>
#include <stdio.h>
#include <string.h>

struct instruction_case {
  const char *name;
  enum pass pass;
  size_t count;
  size_t operations; /* per count */
};

static const struct instruction_case cases[] = {
    {"constant size", PASS_FILL16, 1000, 1},
    {"constant size, alignment 16", PASS_FILL64_ALIGNED, 1000, 1},
    {"run-time size", PASS_FILL_REQUEST, 1000, 1},
    {"request, clear included", PASS_REQUEST, 100, REQUEST_BLOCKS},
    {"exported function", PASS_FILL_CALLED, 1000, 1},
    {"reference made and resolved", PASS_FILL_REFERENCES, 1000, 1},
    {"append of 1 B", PASS_FILL_APPEND1, 1000, 1},
    {"append of 16 B", PASS_FILL_APPEND16, 1000, 1},
    {"one block and clear", PASS_BLOCK_CLEAR, 1000, 1},
};
static const struct instruction_case watched_cases[] = {
    {"16 B, clear included", PASS_HOT16, 10, HOT_BLOCKS},
    {"request, clear included", PASS_REQUEST, 100, REQUEST_BLOCKS},
};
static const struct instruction_case counted_case = {"counted arena", PASS_FILL16, 1000, 1};
enum {
  CASES = sizeof cases / sizeof *cases,
  WATCHED_CASES = sizeof watched_cases / sizeof *watched_cases
};

/* Noinline and not static: callgrind finds it by name. */
void counted(void (*pass)(const struct run *run), const struct run *run);
__attribute__((noinline)) void counted(void (*pass)(const struct run *run), const struct run *run) {
  pass(run);
  __asm__ volatile("");
}

/* The loop around every case with nothing allocated: a store, and three to count and jump. */
static void loop_alone(const struct run *run) {
  size_t *block = run->arena;
  for (size_t i = 0; i < run->count; i++) {
    __asm__ volatile("" : "+r"(block));
    *block = i;
  }
}

/* Volatile, or clang compiles a copy of counted() for it, under another name. */
static void (*volatile alone)(const struct run *run) = loop_alone;

static void count_loop_alone(size_t count) {
  size_t block;
  counted(alone, &(struct run){.arena = &block, .count = count});
  printf("the loop alone\t\t%zu\n", count);
}

/* Two passes, not counted, bring the arena to its steady state. */
static void count_case(const struct instruction_case *which, const struct contender_passes *passes,
                       const char *contender, unsigned flags) {
  struct run run = {.count = 2 * which->count, .live_bytes = 1 << 20, .flags = flags};
  run.arena = passes->open(&run);
  for (size_t times = 1; times <= 2; times++) {
    passes->pass[which->pass](&run);
    passes->pass[PASS_CLEAR](&run);
  }
  for (size_t times = 1; times <= 2; times++) {
    run.count = times * which->count;
    counted(passes->pass[which->pass], &run);
    passes->pass[PASS_CLEAR](&run);
    printf("%s\t%s\t%zu\n", which->name, contender, run.count * which->operations);
  }
  passes->close(run.arena);
}

static void count_release(void) {
  count_loop_alone(1000);
  count_loop_alone(2000);
  for (size_t i = 0; i < CASES; i++) {
    count_case(&cases[i], &hand_passes, "hand", 0);
    count_case(&cases[i], &harena_passes, "harena", 0);
  }
  count_case(&counted_case, &harena_passes, "harena", HARENA_COUNT);
}

static void count_watched(void) {
  for (size_t i = 0; i < WATCHED_CASES; i++) {
    count_case(&watched_cases[i], &harena_passes, "watched", 0);
  }
}

int main(int argc, char **argv) {
  make_size_tables();
  if (argc > 1 && strcmp(argv[1], "watched") == 0) {
    count_watched();
  } else {
    count_release();
  }
  return 0;
}
