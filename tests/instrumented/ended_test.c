/* When a range ends, each of its blocks has ended and none besides, whatever lies between them:
 * those of other arenas, padding, chunks for one block, what was freed, has moved or has changed its
 * size. */
#include <harena.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ARENAS = 3, MOST_BLOCKS = 6000, STEPS = 3000 };

typedef struct noted {
  void *address;
  size_t size;
  int state;
} noted;

typedef struct subject {
  harena *arena;
  noted blocks[MOST_BLOCKS];
  size_t count;
} subject;

static uint64_t seed;

static size_t below(size_t limit) {
  seed = seed * 6364136223846793005U + 1442695040888963407U;
  return (size_t)(seed >> 33) % limit;
}

static size_t some_size(void) { return below(40) == 0 ? 1 + below(100000) : 1 + below(200); }

static void note(subject *it, void *address, size_t size) {
  assert_non_null(address);
  it->blocks[it->count++] = (noted){address, size, HARENA_LIVE};
}

static void allocate(subject *it) {
  size_t size = some_size();
  size_t align = below(10) == 0 ? (size_t)16 << below(8) : 8;
  note(it, harena_alloc(it->arena, size, align), size);
}

static noted *some_live_block(subject *it) {
  noted *block = it->count ? &it->blocks[below(it->count)] : NULL;
  return block && block->state == HARENA_LIVE ? block : NULL;
}

static void free_one(subject *it) {
  noted *block = some_live_block(it);
  if (block) {
    harena_free(it->arena, block->address, block->size);
    block->state = HARENA_FREED;
  }
}

static void resize_one(subject *it) {
  noted *block = some_live_block(it);
  if (!block) {
    return;
  }
  size_t size = some_size();
  void *place = harena_realloc(it->arena, block->address, block->size, size, 8);
  if (place == block->address) {
    block->size = size;
  } else {
    block->state = HARENA_FREED;
    note(it, place, size);
  }
}

static void do_something(subject *it) {
  size_t what = below(10);
  if (what == 0) {
    free_one(it);
  } else if (what == 1) {
    resize_one(it);
  } else {
    allocate(it);
  }
}

static void assert_described(const subject *it, int state_of_live) {
  for (size_t i = 0; i < it->count; i++) {
    const noted *block = &it->blocks[i];
    harena_description description;
    assert_true(harena_describe(block->address, &description));
    assert_ptr_equal(description.block, block->address);
    assert_int_equal(description.size, block->size);
    int state = block->state == HARENA_LIVE ? state_of_live : block->state;
    assert_int_equal(description.state, state);
  }
}

static void each_block_ends_with_its_arena(void **state) {
  (void)state;
  static subject subjects[ARENAS];
  for (seed = 1; seed <= 20; seed++) {
    for (int i = 0; i < ARENAS; i++) {
      subjects[i].arena = harena_open(NULL);
      subjects[i].count = 0;
    }
    for (int step = 0; step < STEPS; step++) {
      do_something(&subjects[below(ARENAS)]);
    }
    for (int i = 0; i < ARENAS; i++) {
      assert_int_equal(harena_check(subjects[i].arena), 0);
    }
    harena_clear(subjects[0].arena);
    assert_described(&subjects[0], HARENA_CLEARED);
    assert_described(&subjects[1], HARENA_LIVE);
    harena_close(subjects[1].arena);
    assert_described(&subjects[1], HARENA_CLOSED);
    assert_described(&subjects[2], HARENA_LIVE);
    harena_close(subjects[0].arena);
    harena_close(subjects[2].arena);
  }
  assert_int_equal(harena_findings(), 0);
}

static void a_rewind_ends_what_is_younger(void **state) {
  (void)state;
  static subject before;
  static subject behind;
  for (seed = 1; seed <= 20; seed++) {
    before.arena = behind.arena = harena_open(NULL);
    before.count = behind.count = 0;
    for (int step = 0; step < 500; step++) {
      allocate(&before);
    }
    harena_mark mark = harena_save(before.arena);
    for (int step = 0; step < STEPS; step++) {
      do_something(&behind);
    }
    harena_rewind(before.arena, mark);
    assert_described(&before, HARENA_LIVE);
    assert_described(&behind, HARENA_REWOUND);
    harena_close(before.arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_block_ends_with_its_arena),
      cmocka_unit_test(a_rewind_ends_what_is_younger),
  };
  return cmocka_run_group_tests_name("ended", tests, NULL, NULL);
}
