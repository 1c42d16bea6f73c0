/* Operations that begin and end arenas. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "subject.h"

static _Alignas(16) char buffers[SLOTS][LARGEST_BUFFER];

static size_t index_of(const subject *it) { return (size_t)(it - the_world.subjects); }

/* ---- A source of the program's own ---- */

/* A sanitizer ends the process that asks for more than there is. */
static const size_t most_given = (size_t)1 << 30;

static void *acquire(void *context, size_t *size, size_t align) {
  own_source *source = context;
  expect(align >= 16 && (align & (align - 1)) == 0);
  size_t given = *size + source->more;
  char *memory = given <= most_given ? malloc(given) : NULL;
  if (!memory) {
    return NULL;
  }
  expect(((uintptr_t)memory & (align - 1)) == 0);
  source->held++;
  *size = source->breaks_promise && source->held % 3 == 0 ? *size - 16 : given;
  return memory;
}

static void release(void *context, void *memory, size_t size) {
  own_source *source = context;
  (void)size;
  source->held--;
  free(memory);
}

/* ---- Opening ---- */

static subject *choose_parent(const subject *it, unsigned which) {
  subject *parent = &the_world.subjects[which % SLOTS];
  return parent->arena && parent != it ? parent : NULL;
}

static const size_t limits[] = {0, 0, 0, 0, 64, 1000, 20000, 200000};
static const size_t retained[] = {0, 0, 0, 0, 0, 1, 20000, 100000};
static const size_t reserved[] = {0, 0, 0, 0, 0, 100, 9000, 100000};

static harena_options choose_options(const operation *op) {
  unsigned bits = op->second;
  return (harena_options){
      .name = bits & 1 ? "fuzzed" : NULL,
      .limit = limits[bits >> 1 & 7],
      .retain_limit = retained[bits >> 4 & 7],
      .initial_capacity = reserved[bits >> 7 & 7],
      .flags = op->choice & (op->choice & 128 ? 63 : 15),
  };
}

typedef enum home { IN_SYSTEM, IN_PARENT, IN_SOURCE, IN_BUFFER } home;

static home choose_home(const operation *op) {
  static const home homes[8] = {IN_SYSTEM, IN_SYSTEM, IN_SYSTEM, IN_PARENT,
                                IN_PARENT, IN_PARENT, IN_SOURCE, IN_BUFFER};
  return homes[op->second >> 10 & 7];
}

/* Where its chunks come from. */
static void settle(subject *it, const operation *op) {
  home chosen = choose_home(op);
  if (chosen == IN_PARENT) {
    it->parent = choose_parent(it, op->which);
    it->options.parent = it->parent ? it->parent->arena : NULL;
  } else if (chosen == IN_SOURCE) {
    it->source = (own_source){{acquire, release, &it->source},
                              .more = op->which % 4 * 8,
                              .breaks_promise = op->which == 15};
    it->options.source = &it->source.source;
  } else if (chosen == IN_BUFFER) {
    it->buffer_size = 1 + op->first % LARGEST_BUFFER;
  }
}

static bool is_rejected(const subject *it) {
  const harena_options *options = &it->options;
  return (options->limit && options->initial_capacity > options->limit) ||
         (it->buffer_size && it->buffer_size < HARENA_OVERHEAD);
}

static harena *call_open(const subject *it) {
  return it->buffer_size ? harena_open_in(buffers[index_of(it)], it->buffer_size, &it->options)
                         : harena_open(&it->options);
}

static bool may_fail_to_open(const subject *it) {
  return it->parent || it->buffer_size || it->source.breaks_promise || faults_happened();
}

static void taint_ancestors(subject *it) {
  for (subject *ancestor = it->parent; ancestor; ancestor = ancestor->parent) {
    ancestor->peak_is_exact = false;
    ancestor->is_comparable = false;
    ancestor->may_compare_again = false;
    ancestor->peak_is_comparable = false;
  }
}

static void begin(subject *it) {
  bool alone = !it->parent && !it->source.breaks_promise;
  it->opened_at = (unsigned)the_world.step;
  it->number = ++the_world.opened;
  it->limit = it->options.limit;
  it->is_exact = true;
  it->peak_is_exact = true;
  it->is_comparable = alone;
  it->may_compare_again = alone;
  it->peak_is_comparable = alone;
}

static void open_subject(subject *it) {
  errno = 0;
  taint_ancestors(it);
  it->arena = call_open(it);
  the_world.done = it->arena != NULL;
  if (it->arena) {
    expect(!is_rejected(it));
    begin(it);
  } else if (is_rejected(it)) {
    expect(errno == EINVAL);
  } else {
    expect(may_fail_to_open(it) && (errno == ENOMEM || errno == EDQUOT));
  }
}

void step_open(subject *it, const operation *op) {
  if (it->arena) {
    return;
  }
  memset(it, 0, sizeof *it);
  it->options = choose_options(op);
  settle(it, op);
  open_subject(it);
  expect(it->source.held == 0 || it->arena);
}

/* ---- Closing and clearing ---- */

void forget_subject(subject *it) {
  close_children_since(it, 0);
  expect(it->cleanup_count == 0);
  expect(it->source.held == 0);
  it->arena = NULL;
}

void close_children_since(subject *it, uint64_t number) {
  for (size_t i = 0; i < SLOTS; i++) {
    subject *child = &the_world.subjects[i];
    if (child->arena && child->parent == it && child->number > number) {
      forget_subject(child);
    }
  }
}

static void check_family(const subject *it) {
  for (size_t i = 0; i < SLOTS; i++) {
    const subject *member = &the_world.subjects[i];
    if (member->arena && is_descendant(member, it)) {
      check_all_blocks(member);
    }
  }
}

void step_close(subject *it, const operation *op) {
  (void)op;
  check_family(it);
  harena_close(it->arena);
  forget_subject(it);
}

static void end_generation(subject *it) {
  it->clears++;
  expect(it->cleanup_count == 0);
  end_entries_since(it, 0);
  it->mark_count = 0;
  it->is_exact = true;
  it->is_comparable = it->is_comparable || it->may_compare_again;
}

/* With HARENA_CLEAR_PARENT a clear goes upward, and ends no child. */
static subject *delegate_of(subject *it) {
  while (has_flag(it, HARENA_CLEAR_PARENT) && it->parent) {
    it = it->parent;
  }
  return it;
}

static void clear_family(subject *top) {
  for (size_t i = 0; i < SLOTS; i++) {
    subject *member = &the_world.subjects[i];
    if (member->arena && is_descendant(member, top)) {
      end_generation(member);
      expect(harena_last_status(member->arena) == HARENA_OK);
    }
  }
}

void step_clear(subject *it, const operation *op) {
  (void)op;
  subject *top = delegate_of(it);
  check_family(top);
  harena_clear(it->arena);
  if (top != it) {
    clear_family(top);
    return;
  }
  close_children_since(it, 0);
  end_generation(it);
  expect(used_by(it) == 0);
  expect(harena_last_status(it->arena) == HARENA_OK);
}

/* ---- Adjusting ---- */

void step_trim(subject *it, const operation *op) {
  (void)op;
  harena_trim(it->arena);
}

void step_limit(subject *it, const operation *op) {
  if (it->options.limit == 0) {
    return;
  }
  size_t now = used_by(it); /* the limits of the variants differ from here on if these do */
  it->may_compare_again = it->is_comparable;
  size_t limit = op->choice % 4 ? now + op->size % 20000 : op->size % 30000;
  bool allowed = limit == 0 || limit / 8 * 8 >= now;
  the_world.done = harena_set_limit(it->arena, limit);
  expect(the_world.done == allowed);
  if (allowed) {
    it->limit = limit;
  } else {
    expect(harena_last_status(it->arena) == HARENA_INVALID && errno == EINVAL);
  }
}

void check_inside(const subject *it, const char *block, size_t size) {
  while (it->parent) {
    it = it->parent;
  }
  const char *buffer = buffers[index_of(it)];
  expect(it->buffer_size == 0 || (block >= buffer && block + size <= buffer + it->buffer_size));
}
