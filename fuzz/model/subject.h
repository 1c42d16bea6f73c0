/* An arena that is played on, and what must be true of it. */
#ifndef FUZZ_MODEL_SUBJECT_H
#define FUZZ_MODEL_SUBJECT_H

#include <setjmp.h>

#include "play.h"

enum {
  MOST_ENTRIES = 300,
  MOST_MARKS = 40,
  DEAD_REFS = 32,
  LARGEST_BUFFER = 65536,
  FREE_MARKS = 8, /* need no memory */
  MOST_MARK_CHARGE = 128,
  CLEANUP_CHARGE = 24
};

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
  uint64_t opened; /* arenas, until then */
} place;

typedef struct subject subject;

typedef struct due_cleanup {
  subject *it;
  size_t index;
  uint64_t born;
} due_cleanup;

/* A source of the program's own. */
typedef struct own_source {
  harena_source source;
  size_t held;
  size_t more;         /* bytes given beyond what was asked */
  bool breaks_promise; /* gives less than was asked, now and then */
} own_source;

struct subject {
  harena *arena; /* NULL: the slot is free */
  subject *parent;
  harena_options options;
  own_source source;
  size_t buffer_size; /* of a fixed arena; else 0 */
  unsigned opened_at;
  uint64_t number; /* among all that were opened */

  /* What can be predicted. Padding depends on addresses: after an alignment over 8 the figures of
   * the two variants differ until the next clear, their peaks for good. Children make the peak
   * depend on the sizes of chunks. */
  bool is_exact;
  bool peak_is_exact;
  bool is_comparable;
  bool peak_is_comparable;
  bool may_compare_again; /* after a clear */

  bool
      has_just_allocated; /* by the operation before, so that the cursor is behind the last block */
  bool had_just_allocated;
  entry entries[MOST_ENTRIES];
  size_t count;
  uint64_t births;
  place marks[MOST_MARKS];
  size_t mark_count;
  due_cleanup cleanups[MOST_ENTRIES];
  size_t cleanup_count;
  harena_ref dead[DEAD_REFS];
  size_t dead_count;
  size_t limit;
  size_t peak;
  uint64_t allocations;
  uint64_t clears;
};

typedef struct world {
  subject subjects[SLOTS];
  size_t step;
  uint64_t opened;
  unsigned misuses;
  bool done;              /* what the last operation's call answered */
  bool figures_are_exact; /* until the watcher had no memory for its own records */
  const char *expected_panic;
  bool expects_finding;
  jmp_buf panicked;
} world;

extern world the_world;

_Noreturn void wrong(int line, const char *what);

#define expect(condition)          \
  do {                             \
    if (!(condition)) {            \
      wrong(__LINE__, #condition); \
    }                              \
  } while (0)

/* ---- What must be ---- */

size_t used_by(const subject *it);
size_t charge_for(size_t size);
bool has_flag(const subject *it, unsigned flag);
bool is_over_limit(const subject *it, size_t more);
size_t charged(const subject *it);
bool is_before_marks(const subject *it, const entry *e);
bool is_youngest(const subject *it, const entry *e);
bool is_refunded(const subject *it, const entry *e);
bool is_descendant(const subject *it, const subject *ancestor);

/* ---- Checks ---- */

void check_figures(subject *it);
void check_apart(const char *block, size_t size);
void check_inside(const subject *it, const char *block, size_t size);
void check_block(const subject *it, const entry *e);
void check_all_blocks(const subject *it);
void check_something(const subject *it, unsigned which);
/* A call failed that would have charged between `least` and `most`. */
void check_failure(const subject *it, size_t least, size_t most);
void check_zero(const char *block, size_t size);
void check_filled(const char *block, size_t size, unsigned seed);

/* ---- The record ---- */

entry *add_entry(subject *it, char *block, size_t size, size_t charge);
void dress(subject *it, entry *e);
void remove_entry(subject *it, entry *e);
void end_entry(subject *it, entry *e);
void end_entries_since(subject *it, uint64_t born);
void bury(subject *it, harena_ref ref);
entry *choose_live(subject *it, unsigned which);

/* ---- Operations ---- */

typedef void play_step(subject *it, const operation *op);

play_step step_alloc, step_zeroed, step_between, step_copy, step_free, step_realloc;
play_step step_save, step_rewind, step_scope, step_defer;
play_step step_open, step_close, step_clear, step_trim, step_limit, step_misuse;

/* Ends what the model knows of an arena that is closed, and of its children. */
void forget_subject(subject *it);
void close_children_since(subject *it, uint64_t number);

#endif
