#include "homes.h"

#include "core_test.h"
#include "watched_source.h"

enum { LIMIT = 1 << 20 };

static void use_and_close(harena *arena, void (*use)(harena *arena)) {
  assert_non_null(arena);
  use(arena);
  harena_close(arena);
}

static void in_fixed(void (*use)(harena *arena)) {
  static _Alignas(16) char buffer[HARENA_OVERHEAD + LIMIT];
  use_and_close(harena_open_in(buffer, sizeof buffer, NULL), use);
}

static void in_child(void (*use)(harena *arena)) {
  harena *parent = harena_open(&(harena_options){.name = "parent", .limit = 4 * LIMIT});
  use_and_close(harena_open(&(harena_options){.parent = parent}), use);
  harena_close(parent);
}

static void with_source(void (*use)(harena *arena)) {
  static watched_source source;
  watch_source(&source);
  source.refuse_above = LIMIT;
  use_and_close(harena_open(&(harena_options){.source = &source.source}), use);
  assert_all_released(&source);
}

/* What is made here is younger than a mark, so no epoch is published. */
static void behind_mark(void (*use)(harena *arena)) {
  harena *arena = harena_open(NULL);
  assert_non_null(harena_alloc(arena, 100, 8));
  harena_mark mark = harena_save(arena);
  use(arena);
  harena_rewind(arena, mark);
  harena_close(arena);
}

void in_each_home(void (*use)(harena *arena)) {
  use_and_close(harena_open(NULL), use);
  use_and_close(harena_open(&(harena_options){.limit = LIMIT}), use);
  use_and_close(harena_open(&(harena_options){.flags = HARENA_COUNT}), use);
  use_and_close(harena_open(&(harena_options){.flags = HARENA_RECYCLE}), use);
  use_and_close(harena_open(&(harena_options){.flags = HARENA_ZERO_ON_CLEAR}), use);
  in_fixed(use);
  in_child(use);
  with_source(use);
  behind_mark(use);
}
