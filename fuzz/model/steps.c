/* Operations on blocks. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "subject.h"

static bool is_valid_align(size_t align) {
  return align != 0 && align <= (size_t)1 << 30 && (align & (align - 1)) == 0;
}

static bool is_aligned(const char *block, size_t align) {
  return ((uintptr_t)block & (align - 1)) == 0;
}

static bool is_possible(size_t size) { return size <= PTRDIFF_MAX; }

/* ---- What a call answered ---- */

static void give_up_figures(subject *it) {
  it->is_exact = false;
  it->peak_is_exact = false;
  it->is_comparable = false;
  it->peak_is_comparable = false;
}

/* What cannot be: a size that nobody has, an alignment that is none. The order is fixed. */
static void check_impossible(const subject *it, size_t size, size_t align) {
  harena_status why = is_valid_align(align) ? HARENA_NO_MEMORY : HARENA_INVALID;
  expect(!is_possible(size) || why == HARENA_INVALID);
  expect(harena_last_status(it->arena) == why);
  expect(errno == (why == HARENA_INVALID ? EINVAL : ENOMEM));
}

/* What is charged beyond the size: nothing, or padding for the alignment. */
static size_t charge_seen(const subject *it, size_t before, size_t size, size_t align) {
  size_t charge = used_by(it) - before;
  size_t padding = charge - charge_for(size);
  expect(padding == 0 || (padding < align && padding % 8 == 0));
  return charge;
}

/* In a buffer blocks follow each other without redzones: what lies between two is the padding. */
static void check_padding(const subject *it, const char *block, size_t charge, size_t size) {
  bool follows = it->had_just_allocated && it->buffer_size && !has_flag(it, HARENA_RECYCLE);
  if (follows) {
    const entry *before = &it->entries[it->count - 1];
    const char *cursor = before->block + charge_for(before->size);
    expect(block == cursor + (charge - charge_for(size)));
  }
}

static void accept_failure(const subject *it, size_t size, size_t align, size_t before) {
  expect(used_by(it) == before);
  if (!is_possible(size) || !is_valid_align(align)) {
    check_impossible(it, size, align);
  } else {
    check_failure(it, charge_for(size), charge_for(size) + (align > 8 ? align : 0));
  }
}

static void accept_block(subject *it, char *block, size_t size, size_t align, size_t before) {
  expect(is_valid_align(align) && is_possible(size));
  expect(is_aligned(block, align > 8 ? align : 8));
  size_t length = size ? size : 1;
  check_apart(block, length);
  check_inside(it, block, length);
  if (align > 8) {
    give_up_figures(it);
  }
  size_t charge = charge_seen(it, before, size, align);
  check_padding(it, block, charge, size);
  dress(it, add_entry(it, block, length, charge));
  it->allocations++;
  it->has_just_allocated = true;
}

static void accept(subject *it, char *block, size_t size, size_t align, size_t before) {
  the_world.done = block != NULL;
  if (block) {
    accept_block(it, block, size, align, before);
  } else {
    accept_failure(it, size, align, before);
  }
}

/* ---- Allocating ---- */

static char *call_alloc(subject *it, const operation *op) {
  switch (op->which % 4) {
    case 0:
      return harena_alloc(it->arena, op->size, op->align);
    case 1:
      return harena_alloc_array(it->arena, 1, op->size, op->align);
    case 2:
      return op->align == 16 ? harena_alloc(it->arena, op->size, 16)
                             : harena_alloc(it->arena, op->size, op->align);
    default:
      return op->align == 8 ? harena_alloc(it->arena, op->size, 8)
                            : harena_alloc_array(it->arena, op->size, 1, op->align);
  }
}

void step_alloc(subject *it, const operation *op) {
  size_t before = used_by(it);
  size_t available = harena_measure(it->arena).available_bytes;
  bool fits = is_possible(op->size) && charge_for(op->size) <= available;
  char *block = call_alloc(it, op);
  expect(block || op->align > 8 || op->align == 0 || !fits);
  accept(it, block, op->size, op->align, before);
}

void step_zeroed(subject *it, const operation *op) {
  size_t before = used_by(it);
  char *block = op->align == 8  ? harena_alloc_zeroed(it->arena, op->size, 8)
                : op->which % 2 ? harena_alloc_array_zeroed(it->arena, op->size, 1, op->align)
                                : harena_alloc_zeroed(it->arena, op->size, op->align);
  if (block) {
    check_zero(block, op->size);
  }
  accept(it, block, op->size, op->align, before);
}

/* How much there is depends on chunks, so the variants may go apart here. */
void step_between(subject *it, const operation *op) {
  size_t preferred = op->size;
  size_t min = op->choice % 8 ? (size_t)op->second % 4096 : preferred;
  size_t size = 12345;
  size_t before = used_by(it);
  char *block = harena_alloc_between(it->arena, min, preferred, 8, &size);
  if (min > preferred) {
    expect(!block && size == 12345 && harena_last_status(it->arena) == HARENA_INVALID);
    the_world.done = false;
    return;
  }
  expect(block ? size >= min && size <= (preferred ? preferred : 1) : size == 12345);
  accept(it, block, block ? size : min, 8, before);
  if (min != preferred) {
    it->is_comparable = false;
    it->peak_is_comparable = false;
  }
}

static const char text[] = "a text that is copied, or a part of it";

static void copy_string(subject *it, const operation *op, size_t before) {
  size_t length = op->size % sizeof text;
  char *copy = op->which % 2 ? harena_strndup(it->arena, text, length)
                             : harena_strdup(it->arena, text + sizeof text - 1 - length);
  const char *source = op->which % 2 ? text : text + sizeof text - 1 - length;
  expect(!copy || (memcmp(copy, source, length) == 0 && copy[length] == '\0'));
  accept(it, copy, length + 1, 1, before);
}

static void print_string(subject *it, const operation *op, size_t before) {
  char expected[100];
  int width = (int)(op->size % 80);
  int length = snprintf(expected, sizeof expected, "%*d", width, (int)op->second);
  char *copy = harena_printf(it->arena, "%*d", width, (int)op->second);
  expect(!copy || strcmp(copy, expected) == 0);
  accept(it, copy, (size_t)length + 1, 1, before);
}

void step_copy(subject *it, const operation *op) {
  size_t before = used_by(it);
  size_t size = op->size % sizeof text;
  if (op->which % 4 < 2) {
    copy_string(it, op, before);
  } else if (op->which % 4 == 2) {
    print_string(it, op, before);
  } else {
    char *copy = harena_dup(it->arena, size ? text : NULL, size, op->align);
    expect(!copy || memcmp(copy, text, size) == 0);
    accept(it, copy, size, op->align, before);
  }
}

/* ---- Ending ---- */

void step_free(subject *it, const operation *op) {
  entry *e = choose_live(it, op->second);
  if (!e) {
    harena_free(it->arena, NULL, 0);
    return;
  }
  check_block(it, e);
  harena_free(it->arena, e->block, e->size);
  end_entry(it, e);
}

/* ---- Resizing ---- */

static void shrink_entry(subject *it, entry *e, size_t size) {
  size_t less = charge_for(e->size) - charge_for(size);
  if (is_refunded(it, e)) {
    e->charge -= less;
  } else {
    e->lost_tail = e->lost_tail || less > 0;
  }
  e->data = size;
  e->size = size;
}

/* The old place ends after the new one has begun: both are charged for a moment, unless it is a
 * recycled one that lies last. */
static void expect_peak_of_move(subject *it, size_t size) {
  if (!it->is_exact || !it->peak_is_exact) {
    return;
  }
  size_t both = charged(it) + charge_for(size);
  size_t peak = harena_measure(it->arena).peak_bytes;
  both = both > it->peak ? both : it->peak;
  expect(peak <= both || !the_world.figures_are_exact);
  it->peak = has_flag(it, HARENA_RECYCLE) ? peak : both;
}

static void grow_youngest(subject *it, entry *e, char *block, size_t size) {
  if (has_flag(it, HARENA_RECYCLE)) {
    expect_peak_of_move(it, size);
  }
  e->charge += charge_for(size) - charge_for(e->size);
  e->data = size;
  e->size = size;
  e->live = false;
  check_apart(block, size);
  e->live = true;
  e->block = block;
}

static void move_entry(subject *it, entry *e, char *block, size_t size) {
  expect_peak_of_move(it, size);
  bool refunded = is_refunded(it, e);
  expect(e->block != block);
  check_apart(block, size);
  e->live = false;
  add_entry(it, block, size, charge_for(size));
  if (refunded) {
    remove_entry(it, e);
  }
}

/* Among recycled blocks another than the youngest may lie last. */
static bool may_grow_in_place(const subject *it, const entry *e, const char *block) {
  return has_flag(it, HARENA_RECYCLE) && !is_before_marks(it, e) && block == e->block;
}

static size_t more_than(size_t charge, size_t refund) {
  return charge > refund ? charge - refund : 0;
}

/* Which one is the youngest among recycled blocks, or where padding lies between, is a matter of
 * layout. */
static bool knows_youngest(const subject *it) {
  return it->is_exact && the_world.figures_are_exact && !has_flag(it, HARENA_RECYCLE);
}

/* What growing to `size` charges at least and at most. The youngest block is charged the
 * difference, others the whole. */
static size_t least_charge(const subject *it, const entry *e, size_t size) {
  bool difference = is_youngest(it, e) || !knows_youngest(it);
  return more_than(charge_for(size), difference ? charge_for(e->size) : 0);
}

static size_t most_charge(const subject *it, const entry *e, size_t size) {
  bool difference = is_youngest(it, e) && knows_youngest(it);
  return more_than(charge_for(size), difference ? charge_for(e->size) : 0);
}

/* Where it went says what happened; whether it had to go there is known while figures are. */
static void accept_resized(subject *it, entry *e, char *block, size_t size) {
  bool stays = block == e->block;
  bool grows = charge_for(size) > charge_for(e->size);
  bool may_stay = !grows || is_youngest(it, e) || may_grow_in_place(it, e, block);
  check_filled(block, e->size < size ? e->size : size, e->seed);
  check_inside(it, block, size);
  expect(!stays || may_stay || !it->is_exact || !the_world.figures_are_exact);
  if (stays && !grows) {
    shrink_entry(it, e, size);
  } else if (stays || is_youngest(it, e)) {
    grow_youngest(it, e, block, size);
  } else {
    move_entry(it, e, block, size);
    e = &it->entries[it->count - 1];
  }
  dress(it, e);
}

static bool must_stay(const entry *e, size_t size, size_t align) {
  return charge_for(size) <= charge_for(e->size) && is_aligned(e->block, align);
}

/* Which of recycled blocks is the youngest, and so grows where it is and for the difference alone,
 * is a matter of layout. */
static void give_up_agreement(subject *it) {
  it->peak_is_comparable = false;
  it->is_comparable = false;
}

static void resize_entry(subject *it, entry *e, size_t size, size_t align) {
  bool stays = must_stay(e, size, align);
  size_t least = stays ? 0 : least_charge(it, e, size);
  size_t most = most_charge(it, e, size) + (align > 8 ? align : 0);
  bool must_fail = is_over_limit(it, least);
  bool exact = it->is_exact && the_world.figures_are_exact;
  if (!stays && has_flag(it, HARENA_RECYCLE)) {
    give_up_agreement(it);
  }
  char *block = harena_realloc(it->arena, e->block, e->size, size, align);
  the_world.done = block != NULL;
  if (align > 8) {
    give_up_figures(it);
  }
  if (block) {
    expect(is_aligned(block, align) && (!stays || block == e->block));
    expect(!must_fail || !exact);
    accept_resized(it, e, block, size ? size : 1);
  } else {
    expect(!stays);
    check_failure(it, least, most);
    check_block(it, e);
  }
}

static void refuse_resize(subject *it, const entry *e, const operation *op) {
  size_t before = used_by(it);
  expect(!harena_realloc(it->arena, e->block, e->size, op->size, op->align));
  check_impossible(it, op->size, op->align);
  expect(used_by(it) == before);
  check_block(it, e);
}

void step_realloc(subject *it, const operation *op) {
  entry *e = choose_live(it, op->second);
  if (!e) {
    size_t before = used_by(it);
    accept(it, harena_realloc(it->arena, NULL, 0, op->size, op->align), op->size, op->align,
           before);
  } else if (!is_possible(op->size) || !is_valid_align(op->align)) {
    refuse_resize(it, e, op);
  } else {
    resize_entry(it, e, op->size, op->align);
  }
}
