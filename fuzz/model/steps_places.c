/* Operations on places in an arena: marks, scopes, cleanups, and the misuse of them. */
#include <string.h>

#include "subject.h"

/* ---- Marks ---- */

/* Marks at one place share an entry; the first eight are free, what others cost is the library's
 * choice, within reason. */
void step_save(subject *it, const operation *op) {
  (void)op;
  if (it->mark_count == MOST_MARKS) {
    return;
  }
  size_t before = used_by(it);
  harena_mark mark = harena_save(it->arena);
  size_t cost = used_by(it) - before;
  the_world.done = mark.arena != NULL;
  if (!mark.arena) {
    expect(it->mark_count >= FREE_MARKS && cost == 0);
    check_failure(it, 8, MOST_MARK_CHARGE);
    return;
  }
  expect(cost == 0 || (it->mark_count >= FREE_MARKS && cost <= MOST_MARK_CHARGE && cost % 8 == 0));
  if (cost > 0) {
    add_entry(it, NULL, cost, cost);
    it->allocations++;
  }
  it->marks[it->mark_count++] = (place){mark, it->births, the_world.opened};
}

static size_t cleanups_until(const subject *it, uint64_t born) {
  size_t count = it->cleanup_count;
  while (count > 0 && it->cleanups[count - 1].born > born) {
    count--;
  }
  return count;
}

/* Children that were opened since the mark are closed with what else came since. */
void step_rewind(subject *it, const operation *op) {
  if (it->mark_count == 0) {
    return;
  }
  size_t back = op->which % (it->mark_count < 3 ? it->mark_count : 3);
  size_t index = it->mark_count - 1 - back;
  place to = it->marks[index];
  size_t left = cleanups_until(it, to.born);
  harena_rewind(it->arena, to.mark);
  close_children_since(it, to.opened);
  expect(it->cleanup_count == left);
  end_entries_since(it, to.born);
  it->mark_count = index + 1;
  check_all_blocks(it);
}

/* ---- Scopes ---- */

static void use_scope(subject *it, size_t size) {
  char *block = harena_alloc(it->arena, size, 8);
  if (!block) {
    return;
  }
  it->allocations++;
  check_apart(block, size ? size : 1);
  check_inside(it, block, size ? size : 1);
  memset(block, 0xEE, size);
  harena_ref ref = harena_ref_to(it->arena, block);
  expect(harena_try_deref(it->arena, ref) == block);
  bury(it, ref);
}

/* Scopes have a peak, and under many marks a cost, of their own. One that is left by a panic is
 * not rewound. */
void step_scope(subject *it, const operation *op) {
  if (it->mark_count >= FREE_MARKS || has_flag(it, HARENA_ABORT_ON_FAILURE)) {
    return;
  }
  size_t before = used_by(it);
  HARENA_SCOPE(it->arena) { use_scope(it, op->size); }
  expect(used_by(it) == before);
  it->peak = harena_measure(it->arena).peak_bytes;
}

/* ---- Cleanups ---- */

/* While cleanups run the arena takes no orders. */
static void try_what_is_refused(const subject *it) {
  if (has_flag(it, HARENA_ABORT_ON_FAILURE)) {
    return;
  }
  size_t before = used_by(it);
  the_world.expects_finding = true;
  expect(!harena_alloc(it->arena, 8, 8));
  expect(harena_last_status(it->arena) == HARENA_INVALID);
  expect(!harena_save(it->arena).arena);
  the_world.expects_finding = false;
  expect(used_by(it) == before);
}

/* Newest first, while the blocks are still there. */
static void run_cleanup(void *context) {
  const due_cleanup *due = context;
  subject *it = due->it;
  expect(due->index == it->cleanup_count - 1);
  it->cleanup_count--;
  check_something(it, (unsigned)due->index);
  try_what_is_refused(it);
}

void step_defer(subject *it, const operation *op) {
  (void)op;
  size_t before = used_by(it);
  due_cleanup *due = &it->cleanups[it->cleanup_count];
  *due = (due_cleanup){it, it->cleanup_count, it->births + 1};
  the_world.done = harena_defer(it->arena, run_cleanup, due);
  if (!the_world.done) {
    check_failure(it, CLEANUP_CHARGE, CLEANUP_CHARGE);
    return;
  }
  it->cleanup_count++;
  it->allocations++;
  expect(used_by(it) - before == CLEANUP_CHARGE);
  add_entry(it, NULL, CLEANUP_CHARGE, CLEANUP_CHARGE);
}

/* ---- Misuse that both variants see ---- */

enum { MOST_MISUSES = 2 }; /* a report costs as much as many operations */

static void use_dead_reference(subject *it, unsigned which) {
  size_t known = it->dead_count < DEAD_REFS ? it->dead_count : DEAD_REFS;
  if (known > 0) {
    the_world.expected_panic = "stale reference";
    harena_deref(it->arena, it->dead[which % known]);
    wrong(__LINE__, "a panic for a stale reference");
  }
}

static void use_null_reference(subject *it) {
  the_world.expected_panic = "null reference";
  harena_deref(it->arena, (harena_ref){NULL, 0});
  wrong(__LINE__, "a panic for a null reference");
}

static void use_dead_mark(subject *it, unsigned which) {
  harena_mark mark = {0};
  if (which % 2 && it->mark_count > 0) {
    mark = it->marks[it->mark_count - 1].mark;
    mark.stamp++;
  }
  the_world.expected_panic = "dead mark";
  harena_rewind(it->arena, mark);
  wrong(__LINE__, "a panic for a dead mark");
}

/* The panic's handler leaves this function. */
void step_misuse(subject *it, const operation *op) {
  if (the_world.misuses == MOST_MISUSES) {
    return;
  }
  the_world.misuses++;
  switch (op->choice % 3) {
    case 0:
      use_dead_reference(it, op->second);
      break;
    case 1:
      use_null_reference(it);
      break;
    default:
      use_dead_mark(it, op->which);
  }
}
