/* What is looked at after every operation. */
#include <errno.h>
#include <string.h>

#include "faults.h"
#include "subject.h"

static size_t data(const subject *it) {
  size_t sum = 0;
  for (size_t i = 0; i < it->count; i++) {
    sum += it->entries[i].data;
  }
  return sum;
}

static bool is_counted(const subject *it) {
  return has_flag(it, HARENA_COUNT) || harena_instrumented();
}

static void check_charges(subject *it, const harena_metrics *now) {
  expect(now->used_bytes == charged(it));
  it->peak = now->used_bytes > it->peak ? now->used_bytes : it->peak;
  if (it->peak_is_exact) {
    expect(now->peak_bytes == it->peak);
  }
  if (is_counted(it)) {
    expect(now->data_bytes == data(it));
    expect(now->allocations == it->allocations);
  }
}

/* Whatever else is known, the figures agree with each other. */
static void check_consistency(const subject *it, const harena_metrics *now) {
  expect(now->data_bytes <= now->used_bytes);
  expect(now->padding_bytes == now->used_bytes - now->data_bytes);
  expect(now->peak_bytes >= now->used_bytes);
  expect(now->capacity_bytes >= now->used_bytes);
  expect(now->available_bytes <= now->capacity_bytes - now->used_bytes);
  expect(now->available_bytes % 8 == 0);
  expect(now->used_bytes % 8 == 0);
  expect(it->limit == 0 || now->used_bytes <= it->limit);
  expect(now->clears == it->clears);
  if (!is_counted(it)) {
    expect(now->padding_bytes == 0 && now->allocations == 0);
  }
}

void check_figures(subject *it) {
  harena_metrics now = harena_measure(it->arena);
  check_consistency(it, &now);
  if (it->is_exact && the_world.figures_are_exact) {
    check_charges(it, &now);
  }
}

static void check_apart_from(const subject *it, const char *block, size_t size) {
  for (size_t i = 0; i < it->count; i++) {
    const entry *e = &it->entries[i];
    expect(!e->live || block + size <= e->block || e->block + e->size <= block);
  }
}

void check_apart(const char *block, size_t size) {
  for (size_t i = 0; i < SLOTS; i++) {
    if (the_world.subjects[i].arena) {
      check_apart_from(&the_world.subjects[i], block, size);
    }
  }
}

/* A reference is good as long as its block, in its arena only. */
static void check_reference(const subject *it, const entry *e) {
  expect(harena_try_deref(it->arena, e->ref) == e->block);
  expect(harena_deref(it->arena, e->ref) == e->block);
  expect(harena_ref_to(it->arena, e->block).epoch == e->ref.epoch);
}

void check_block(const subject *it, const entry *e) {
  check_filled(e->block, e->size, e->seed);
  check_reference(it, e);
}

void check_all_blocks(const subject *it) {
  expect(harena_check(it->arena) == 0);
  for (size_t i = 0; i < it->count; i++) {
    if (it->entries[i].live) {
      check_block(it, &it->entries[i]);
    }
  }
}

static void check_stranger(const subject *it, const subject *other, unsigned which) {
  if (other->arena && other != it && other->count > 0) {
    harena_ref ref = other->entries[which % other->count].ref;
    expect(ref.epoch == 0 || !harena_try_deref(it->arena, ref));
  }
}

void check_something(const subject *it, unsigned which) {
  if (it->count > 0 && it->entries[which % it->count].live) {
    check_block(it, &it->entries[which % it->count]);
  }
  size_t known = it->dead_count < DEAD_REFS ? it->dead_count : DEAD_REFS;
  if (known > 0) {
    expect(!harena_try_deref(it->arena, it->dead[which % known]));
  }
  check_stranger(it, &the_world.subjects[which % SLOTS], which / SLOTS);
}

/* Whether an allocation that the limit allows may fail all the same. */
static bool may_run_out(const subject *it) {
  for (; it; it = it->parent) {
    if (it->buffer_size > 0 || it->source.breaks_promise || (it->parent && it->parent->limit > 0)) {
      return true;
    }
  }
  return faults_happened();
}

/* More than any machine has. */
#define MOST_MEMORY (SIZE_MAX / 65536)

static int errno_of(harena_status status) {
  static const int codes[] = {0, ENOMEM, EDQUOT, EINVAL};
  return codes[status];
}

void check_failure(const subject *it, size_t least, size_t most) {
  harena_status why = harena_last_status(it->arena);
  expect(is_over_limit(it, most) || may_run_out(it) || most > MOST_MEMORY);
  expect(why == HARENA_LIMIT || (why == HARENA_NO_MEMORY && !is_over_limit(it, least)));
  expect(errno == errno_of(why));
}

void check_zero(const char *block, size_t size) {
  unsigned bits = 0;
  for (size_t i = 0; i < size; i++) {
    bits |= (unsigned char)block[i];
  }
  expect(bits == 0);
}
