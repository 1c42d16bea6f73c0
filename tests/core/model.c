#include "model.h"

#include <stdio.h>

#include "core_test.h"

enum { MAX_ENTRIES = 300, MAX_MARKS = 40, DEAD_REFS = 64, SIBLINGS = 2, BUFFER = 65536 };

/* Something that is charged, in order of allocation: a block, live or freed without a refund, or a
 * record of the library's own (a cleanup, a mark). */
typedef struct entry {
  char *block; /* NULL: the library's own */
  size_t size;
  size_t charge;
  size_t data;
  uint64_t born;
  unsigned seed;
  bool live;
  bool lost_tail; /* shrank without a refund, so that charged bytes lie behind it */
  harena_ref ref;
} entry;

typedef struct place {
  harena_mark mark;
  uint64_t born;
} place;

struct model;

typedef struct due_cleanup {
  struct model *model;
  size_t index;
  uint64_t born;
} due_cleanup;

typedef struct model {
  const model_setup *setup;
  harena *arena;
  harena *parent;
  harena *siblings[SIBLINGS];
  uint64_t random;
  uint64_t seed;
  size_t step;
  uint64_t next_born;
  entry entries[MAX_ENTRIES];
  size_t count;
  place marks[MAX_MARKS];
  size_t mark_count;
  due_cleanup cleanups[MAX_ENTRIES];
  size_t cleanup_count;
  harena_ref dead[DEAD_REFS];
  size_t dead_count;
  size_t limit;
  size_t peak;
  uint64_t allocations;
  uint64_t clears;
} model;

static _Alignas(16) char fixed_buffer[BUFFER];

#define expect(it, condition)                                                     \
  do {                                                                            \
    if (!(condition)) {                                                           \
      fail_msg("%s, seed %llu, step %zu, line %d: not %s", (it)->setup->name,     \
               (unsigned long long)(it)->seed, (it)->step, __LINE__, #condition); \
    }                                                                             \
  } while (0)

/* ---- Chance ---- */

static uint64_t draw(model *it) {
  it->random ^= it->random << 13;
  it->random ^= it->random >> 7;
  it->random ^= it->random << 17;
  return it->random;
}

static size_t below(model *it, size_t end) { return (size_t)(draw(it) >> 11) % end; }

/* Mostly small; some that take a chunk. */
static size_t draw_size(model *it) {
  size_t kind = below(it, 100);
  if (kind < 80) {
    return 1 + below(it, 200);
  }
  return kind < 97 ? 1 + below(it, 6000) : 1 + below(it, 120000);
}

static size_t draw_align(model *it) {
  size_t align = (size_t)1 << below(it, 13);
  return align <= it->setup->max_align ? align : 8;
}

/* ---- What must be ---- */

static bool has_flag(const model *it, unsigned flag) {
  return (it->setup->options.flags & flag) != 0;
}

static bool is_exact(const model *it) { return it->setup->max_align <= 8; }

static size_t charged(const model *it) {
  size_t sum = 0;
  for (size_t i = 0; i < it->count; i++) {
    sum += it->entries[i].charge;
  }
  return sum;
}

static size_t data(const model *it) {
  size_t sum = 0;
  for (size_t i = 0; i < it->count; i++) {
    sum += it->entries[i].data;
  }
  return sum;
}

static uint64_t newest_mark_born(const model *it) {
  return it->mark_count > 0 ? it->marks[it->mark_count - 1].born : 0;
}

static bool is_before_marks(const model *it, const entry *e) {
  return it->mark_count > 0 && e->born <= newest_mark_born(it);
}

static bool is_youngest(const model *it, const entry *e) {
  return e == &it->entries[it->count - 1] && !e->lost_tail && !is_before_marks(it, e);
}

/* What is younger than any active mark is left to the rewind. */
static bool is_refunded(const model *it, const entry *e) {
  bool recycles =
      has_flag(it, HARENA_RECYCLE) && (it->mark_count == 0 || e->born <= it->marks[0].born);
  return is_youngest(it, e) || recycles;
}

/* Whether an allocation that the limit allows may fail all the same. */
static bool may_run_out(const model *it) {
  return it->setup->buffer_size > 0 || it->setup->parent_limit > 0;
}

static bool is_over_limit(const model *it, size_t more) {
  return it->limit > 0 && used(it->arena) + more > it->limit / 8 * 8;
}

/* ---- Checks ---- */

static void check_figures(model *it) {
  harena_metrics now = harena_measure(it->arena);
  if (is_exact(it)) {
    expect(it, now.used_bytes == charged(it));
    it->peak = now.used_bytes > it->peak ? now.used_bytes : it->peak;
    expect(it, now.peak_bytes == it->peak);
  }
  if (is_exact(it) && (has_flag(it, HARENA_COUNT) || harena_instrumented())) {
    expect(it, now.data_bytes == data(it));
    expect(it, now.allocations == it->allocations);
  }
  expect(it, now.clears == it->clears);
  expect(it, it->limit == 0 || now.used_bytes <= it->limit);
  assert_figures_agree(it->arena, has_flag(it, HARENA_COUNT));
}

static void check_apart(model *it, const char *block, size_t size) {
  for (size_t i = 0; i < it->count; i++) {
    const entry *e = &it->entries[i];
    bool apart = !e->live || block + size <= e->block || e->block + e->size <= block;
    expect(it, apart);
  }
}

static void check_reference(model *it, const entry *e) {
  expect(it, harena_try_deref(it->arena, e->ref) == e->block);
  expect(it, harena_ref_to(it->arena, e->block).epoch == e->ref.epoch);
}

static void check_block(model *it, const entry *e) {
  if (e->live) {
    assert_filled(e->block, e->size, e->seed);
    check_reference(it, e);
  }
}

static void check_all_blocks(model *it) {
  for (size_t i = 0; i < it->count; i++) {
    check_block(it, &it->entries[i]);
  }
}

static void check_something(model *it) {
  if (it->count > 0) {
    check_block(it, &it->entries[below(it, it->count)]);
  }
  size_t known = it->dead_count < DEAD_REFS ? it->dead_count : DEAD_REFS;
  if (known > 0) {
    expect(it, !harena_try_deref(it->arena, it->dead[below(it, known)]));
  }
}

static void check_failure(model *it, bool over_limit) {
  harena_status why = harena_last_status(it->arena);
  expect(it, over_limit || may_run_out(it));
  expect(it, why == HARENA_LIMIT || (why == HARENA_NO_MEMORY && !over_limit));
  expect(it, errno == errno_of(why));
}

/* ---- The record ---- */

static entry *add_entry(model *it, char *block, size_t size, size_t charge) {
  entry *e = &it->entries[it->count++];
  *e = (entry){.block = block,
               .size = size,
               .charge = charge,
               .data = size,
               .born = ++it->next_born,
               .live = block != NULL};
  return e;
}

static void dress(model *it, entry *e) {
  e->seed = (unsigned)draw(it) & 0xFFFF;
  fill(e->block, e->size, e->seed);
  e->ref = harena_ref_to(it->arena, e->block);
}

static void remove_entry(model *it, entry *e) {
  size_t behind = it->count - 1 - (size_t)(e - it->entries);
  memmove(e, e + 1, behind * sizeof *e);
  it->count--;
}

static void end_entry(model *it, entry *e) {
  if (is_refunded(it, e)) {
    remove_entry(it, e);
  } else {
    e->live = false;
  }
}

static void bury(model *it, harena_ref ref) { it->dead[it->dead_count++ % DEAD_REFS] = ref; }

static void end_entries_since(model *it, uint64_t born) {
  while (it->count > 0 && it->entries[it->count - 1].born > born) {
    entry *e = &it->entries[--it->count];
    if (e->live) {
      bury(it, e->ref);
    }
  }
}

static entry *draw_live(model *it) {
  for (int tries = 0; it->count > 0 && tries < 8; tries++) {
    size_t recent = it->count < 4 ? it->count : 4;
    size_t index = below(it, 2) ? below(it, it->count) : it->count - 1 - below(it, recent);
    if (it->entries[index].live) {
      return &it->entries[index];
    }
  }
  return NULL;
}

/* ---- Steps ---- */

/* What is charged beyond the size: nothing, or padding for the alignment. */
static size_t charge_seen(model *it, size_t before, size_t size, size_t align) {
  size_t charge = used(it->arena) - before;
  size_t padding = charge - charge_of(size);
  expect(it, padding == 0 || (padding < align && padding % 8 == 0));
  return charge;
}

static void accept(model *it, char *block, size_t size, size_t align, size_t before) {
  if (!block) {
    expect(it, used(it->arena) == before);
    check_failure(it, is_over_limit(it, charge_of(size)) || (align > 8 && it->limit > 0));
    return;
  }
  expect(it, is_aligned(block, align));
  check_apart(it, block, size);
  dress(it, add_entry(it, block, size, charge_seen(it, before, size, align)));
  it->allocations++;
}

static char *call_alloc(model *it, size_t size, size_t align) {
  switch (below(it, 4)) {
    case 0:
      return harena_alloc(it->arena, size, align);
    case 1:
      return harena_alloc_array(it->arena, 1, size, align);
    default:
      return align == 16 ? harena_alloc(it->arena, size, 16)
                         : harena_alloc(it->arena, size, align > 8 ? align : 8);
  }
}

static void step_alloc(model *it) {
  size_t size = draw_size(it);
  size_t align = draw_align(it);
  size_t before = used(it->arena);
  size_t available = harena_measure(it->arena).available_bytes;
  bool over = is_over_limit(it, charge_of(size));
  char *block = call_alloc(it, size, align);
  expect(it, !over || !block);
  expect(it, block || align > 8 || charge_of(size) > available);
  accept(it, block, size, align, before);
}

static void step_zeroed(model *it) {
  size_t size = draw_size(it);
  size_t align = draw_align(it);
  size_t before = used(it->arena);
  char *block = below(it, 2) ? harena_alloc_zeroed(it->arena, size, 8)
                             : harena_alloc_zeroed(it->arena, size, align);
  if (block) {
    assert_zero(block, size);
  }
  accept(it, block, size, block && !is_aligned(block, align) ? 8 : align, before);
}

static void step_between(model *it) {
  size_t min = 1 + below(it, 300);
  size_t preferred = min + below(it, 3000);
  size_t size = 0;
  size_t before = used(it->arena);
  char *block = harena_alloc_between(it->arena, min, preferred, 8, &size);
  expect(it, !block || (size >= min && size <= preferred));
  accept(it, block, block ? size : min, 8, before);
}

static void step_text(model *it) {
  char expected[100];
  int length = snprintf(expected, sizeof expected, "step %zu of %s", it->step, it->setup->name);
  size_t before = used(it->arena);
  char *text = harena_printf(it->arena, "step %zu of %s", it->step, it->setup->name);
  expect(it, !text || strcmp(text, expected) == 0);
  accept(it, text, (size_t)length + 1, 1, before);
}

static void step_free(model *it) {
  entry *e = draw_live(it);
  if (e) {
    check_block(it, e);
    harena_free(it->arena, e->block, e->size);
    end_entry(it, e);
  }
}

static void shrink_entry(model *it, entry *e, size_t size) {
  bool refunded = is_refunded(it, e);
  size_t less = charge_of(e->size) - charge_of(size);
  if (refunded) {
    e->charge -= less;
  } else {
    e->lost_tail = e->lost_tail || less > 0;
  }
  e->data = size;
  e->size = size;
}

/* The old place ends after the new one has begun: both are charged for a moment, unless it is a
 * recycled one that lies last. */
static void expect_peak_of_move(model *it, size_t size) {
  size_t both = charged(it) + charge_of(size);
  size_t peak = harena_measure(it->arena).peak_bytes;
  both = both > it->peak ? both : it->peak;
  expect(it, peak <= both);
  it->peak = has_flag(it, HARENA_RECYCLE) ? peak : both;
}

static void grow_youngest(model *it, entry *e, char *block, size_t size) {
  if (has_flag(it, HARENA_RECYCLE)) {
    expect_peak_of_move(it, size);
  }
  e->charge += charge_of(size) - charge_of(e->size);
  e->data = size;
  e->size = size;
  if (block != e->block) {
    e->block = block;
    e->live = false;
    check_apart(it, block, size);
    e->live = true;
  }
}

static void move_entry(model *it, entry *e, char *block, size_t size) {
  expect_peak_of_move(it, size);
  entry old = *e;
  bool refunded = is_refunded(it, e);
  check_apart(it, block, size);
  e->live = false;
  add_entry(it, block, size, charge_of(size));
  if (refunded) {
    remove_entry(it, e);
  }
  expect(it, old.block != block);
}

/* Among recycled blocks another than the youngest may lie last. */
static bool may_grow_in_place(const model *it, const entry *e, const char *block) {
  return has_flag(it, HARENA_RECYCLE) && !is_before_marks(it, e) && block == e->block;
}

/* What growing to `size` charges at least and at most. The youngest block is charged the
 * difference, others the whole; which one is the youngest among recycled blocks is a matter of
 * layout. */
static size_t least_charge(const model *it, const entry *e, size_t size) {
  bool difference = is_youngest(it, e) || has_flag(it, HARENA_RECYCLE);
  return charge_of(size) - (difference ? charge_of(e->size) : 0);
}

static size_t most_charge(const model *it, const entry *e, size_t size) {
  bool difference = is_youngest(it, e) && !has_flag(it, HARENA_RECYCLE);
  return charge_of(size) - (difference ? charge_of(e->size) : 0);
}

static void accept_resized(model *it, entry *e, char *block, size_t size) {
  size_t kept = e->size < size ? e->size : size;
  assert_filled(block, kept, e->seed);
  if (charge_of(size) <= charge_of(e->size)) {
    expect(it, block == e->block);
    shrink_entry(it, e, size);
  } else if (is_youngest(it, e) || may_grow_in_place(it, e, block)) {
    grow_youngest(it, e, block, size);
  } else {
    move_entry(it, e, block, size);
    e = &it->entries[it->count - 1];
  }
  dress(it, e);
}

static void step_realloc(model *it) {
  entry *e = draw_live(it);
  if (!e || it->count == MAX_ENTRIES || !is_exact(it)) {
    return;
  }
  size_t size = draw_size(it);
  bool grows = charge_of(size) > charge_of(e->size);
  bool must_fail = grows && is_over_limit(it, least_charge(it, e, size));
  bool may_fail = grows && is_over_limit(it, most_charge(it, e, size));
  char *block = harena_realloc(it->arena, e->block, e->size, size, 8);
  expect(it, !must_fail || !block);
  if (block) {
    accept_resized(it, e, block, size);
  } else {
    expect(it, grows);
    check_failure(it, may_fail);
    check_block(it, e);
  }
}

/* Marks at one place share an entry; the first eight are free, what others cost is the library's
 * choice, within reason. */
static void step_save(model *it) {
  if (it->mark_count == MAX_MARKS) {
    return;
  }
  size_t before = used(it->arena);
  harena_mark mark = harena_save(it->arena);
  size_t cost = used(it->arena) - before;
  if (!mark.arena) {
    expect(it, it->mark_count >= 8 && cost == 0);
    check_failure(it, it->limit > 0);
    return;
  }
  expect(it, cost == 0 || (it->mark_count >= 8 && cost <= 128 && cost % 8 == 0));
  if (cost > 0) {
    add_entry(it, NULL, cost, cost);
    it->allocations++;
  }
  it->marks[it->mark_count++] = (place){mark, it->next_born};
}

static void run_cleanup(void *context) {
  due_cleanup *due = context;
  model *it = due->model;
  expect(it, due->index == it->cleanup_count - 1);
  it->cleanup_count--;
}

static void step_defer(model *it) {
  size_t before = used(it->arena);
  due_cleanup *due = &it->cleanups[it->cleanup_count];
  *due = (due_cleanup){it, it->cleanup_count, it->next_born + 1};
  if (!harena_defer(it->arena, run_cleanup, due)) {
    check_failure(it, is_over_limit(it, 24));
    return;
  }
  it->cleanup_count++;
  it->allocations++;
  expect(it, used(it->arena) - before == 24);
  add_entry(it, NULL, 24, 24);
}

static size_t cleanups_since(const model *it, uint64_t born) {
  size_t count = it->cleanup_count;
  while (count > 0 && it->cleanups[count - 1].born > born) {
    count--;
  }
  return it->cleanup_count - count;
}

static void forget_marks_after(model *it, size_t index) { it->mark_count = index + 1; }

static void step_rewind(model *it) {
  if (it->mark_count == 0) {
    return;
  }
  size_t index = it->mark_count - 1 - below(it, it->mark_count < 3 ? it->mark_count : 3);
  place to = it->marks[index];
  size_t left = it->cleanup_count - cleanups_since(it, to.born);
  harena_rewind(it->arena, to.mark);
  expect(it, it->cleanup_count == left);
  end_entries_since(it, to.born);
  forget_marks_after(it, index);
  check_all_blocks(it);
}

static void step_scope(model *it) {
  size_t before = used(it->arena);
  HARENA_SCOPE(it->arena) {
    size_t size = draw_size(it);
    char *block = harena_alloc(it->arena, size, 8);
    it->allocations += block != NULL;
    if (block) {
      fill(block, size, 1);
      check_apart(it, block, size);
      bury(it, harena_ref_to(it->arena, block));
      expect(it, harena_try_deref(it->arena, harena_ref_to(it->arena, block)) == block);
    }
  }
  expect(it, used(it->arena) == before);
}

/* Scopes may have a peak, and under many marks a cost, of their own. */
static void step_scope_exactly(model *it) {
  if (it->mark_count < 8) {
    step_scope(it);
    it->peak = harena_measure(it->arena).peak_bytes;
  }
}

static void step_clear(model *it) {
  check_all_blocks(it);
  harena_clear(it->arena);
  it->clears++;
  expect(it, it->cleanup_count == 0);
  end_entries_since(it, 0);
  it->mark_count = 0;
  expect(it, used(it->arena) == 0);
  expect(it, harena_last_status(it->arena) == HARENA_OK);
}

static void step_limit(model *it) {
  if (it->setup->options.limit == 0) {
    return;
  }
  size_t limit = below(it, 4) ? used(it->arena) + below(it, 20000) : below(it, 30000);
  bool allowed = limit == 0 || limit / 8 * 8 >= used(it->arena);
  expect(it, harena_set_limit(it->arena, limit) == allowed);
  if (allowed) {
    it->limit = limit;
  }
}

static void step_sibling(model *it) {
  if (it->setup->siblings == 0) {
    return;
  }
  harena **sibling = &it->siblings[below(it, it->setup->siblings)];
  if (*sibling && below(it, 3) == 0) {
    harena_close(*sibling);
    *sibling = NULL;
  } else if (*sibling) {
    size_t size = draw_size(it);
    char *block = harena_alloc(*sibling, size, 8);
    if (block) {
      memset(block, 0xEE, size);
    }
  } else {
    *sibling = harena_open(&(harena_options){.parent = it->parent});
  }
}

typedef struct kind_of_step {
  void (*run)(model *it);
  size_t weight;
} kind_of_step;

static const kind_of_step kinds[] = {{step_alloc, 30},        {step_zeroed, 10}, {step_between, 3},
                                     {step_text, 5},          {step_free, 20},   {step_realloc, 15},
                                     {step_save, 4},          {step_rewind, 2},  {step_defer, 2},
                                     {step_scope_exactly, 4}, {step_clear, 1},   {step_limit, 2},
                                     {step_sibling, 8},       {NULL, 0}};

static void step_trim(model *it) {
  if (below(it, 50) == 0) {
    harena_trim(it->arena);
  }
}

static void run_step(model *it) {
  size_t weights = 0;
  for (const kind_of_step *kind = kinds; kind->run; kind++) {
    weights += kind->weight;
  }
  size_t chosen = below(it, weights);
  const kind_of_step *kind = kinds;
  for (; chosen >= kind->weight; kind++) {
    chosen -= kind->weight;
  }
  kind->run(it);
  step_trim(it);
  if (it->count > MAX_ENTRIES - 4) {
    step_clear(it);
  }
}

/* ---- From open to close ---- */

static void open_model(model *it) {
  harena_options options = it->setup->options;
  if (it->setup->parent_limit > 0) {
    it->parent = harena_open(&(harena_options){.limit = it->setup->parent_limit});
    options.parent = it->parent;
  }
  it->arena = it->setup->buffer_size > 0
                  ? harena_open_in(fixed_buffer, it->setup->buffer_size, &options)
                  : harena_open(&options);
  expect(it, it->arena != NULL);
  it->limit = options.limit;
}

static void close_model(model *it) {
  check_all_blocks(it);
  harena_close(it->arena);
  expect(it, it->cleanup_count == 0);
  harena_close(it->parent);
}

void run_model(const model_setup *setup, uint64_t seed, size_t steps, model_observer *observe) {
  static model the_model;
  model *it = &the_model;
  *it = (model){.setup = setup, .seed = seed, .random = seed * 0x9E3779B97F4A7C15u + 1};
  open_model(it);
  for (it->step = 0; it->step < steps; it->step++) {
    run_step(it);
    check_figures(it);
    check_something(it);
    observe(it->arena);
  }
  close_model(it);
}

const model_setup model_setups[] = {
    {.name = "plain"},
    {.name = "aligned", .max_align = 4096},
    {.name = "recycling", .options.flags = HARENA_RECYCLE},
    {.name = "recycling and aligned", .options.flags = HARENA_RECYCLE, .max_align = 1024},
    {.name = "counted", .options.flags = HARENA_COUNT},
    {.name = "counted and recycling", .options.flags = HARENA_COUNT | HARENA_RECYCLE},
    {.name = "wiped", .options.flags = HARENA_ZERO_ON_CLEAR},
    {.name = "wiped and recycling", .options.flags = HARENA_ZERO_ON_CLEAR | HARENA_RECYCLE},
    {.name = "limited", .options.limit = 30000},
    {.name = "limited and counted", .options = {.limit = 30000, .flags = HARENA_COUNT}},
    {.name = "limited and recycling", .options = {.limit = 20000, .flags = HARENA_RECYCLE}},
    {.name = "limited and aligned", .options.limit = 30000, .max_align = 256},
    {.name = "fixed", .buffer_size = 20000},
    {.name = "fixed and recycling", .buffer_size = 30000, .options.flags = HARENA_RECYCLE},
    {.name = "fixed and aligned", .buffer_size = 30000, .max_align = 128},
    {.name = "reserved", .options.initial_capacity = 2 << 20},
    {.name = "little retained", .options.retain_limit = 1},
    {.name = "some retained", .options = {.retain_limit = 50000, .initial_capacity = 20000}},
    {.name = "child", .parent_limit = SIZE_MAX},
    {.name = "child among others", .parent_limit = SIZE_MAX, .siblings = SIBLINGS},
    {.name = "child of a limited parent", .parent_limit = 400000, .siblings = SIBLINGS},
    {.name = "recycling child",
     .parent_limit = SIZE_MAX,
     .siblings = SIBLINGS,
     .options.flags = HARENA_RECYCLE},
};
const size_t model_setup_count = sizeof model_setups / sizeof model_setups[0];
