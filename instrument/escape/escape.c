#include "escape/escape.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cage.h"
#include "escape/dead_pages.h"
#include "escape/heap_blocks.h"
#include "escape/holders.h"
#include "escape/memory.h"
#include "escape/pointed_slabs.h"
#include "escape/registered.h"
#include "escape/stack_frames.h"
#include "escape/stopped_threads.h"
#include "escape/sweep.h"
#include "escape/tools_memory.h"
#include "escape/word_set.h"
#include "pages.h"
#include "report/options.h"
#include "report/policy.h"
#include "sanitize.h"
#include "shadow/requests.h"
#include "shadow/shadow.h"
#include "size.h"

/* What one sweep works with, in pages of its own. */
enum { MOST_SIGHTINGS = 1 << 15 };
typedef struct workspace {
  harena__roots roots;
  size_t count;
  size_t left_out;
  harena__sighting sightings[MOST_SIGHTINGS];
  char buffer[HARENA__COPY_SIZE];
} workspace;

/* One sweep at a time: what follows is changed under the lock, the statistics too. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static workspace *work;
static harena__word_set told;    /* sightings that were reported or counted */
static harena__word_set waiting; /* of the last sweep, to be confirmed */
static harena__word_set seen;    /* of the running one */
static uint64_t started;
static uint64_t last_duration;
static harena__escape_statistics statistics;

/* Something has ended that no sweep has looked for, or somebody waits to be confirmed. */
static atomic_bool pending;

/* This thread holds the lock, and may fork, in a report callback. */
static _Thread_local bool is_looking;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

static bool begin_looking(void) {
  if (is_looking || pthread_mutex_trylock(&lock) != 0) {
    return false;
  }
  is_looking = true;
  harena__begin_racing();
  return true;
}

static void end_looking(void) {
  harena__end_racing();
  is_looking = false;
  drop_lock();
}

static void before_fork(void) {
  if (!is_looking) {
    take_lock();
  }
}

static void after_fork(void) {
  if (!is_looking) {
    drop_lock();
  }
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

__attribute__((constructor)) static void start(void) {
  started = now();
  if (harena__option()->escape != HARENA__ESCAPE_OFF) {
    harena__prepare_heap();
  }
}

/* After those of the roots, of the reports and of the cage, which a sweep takes while it holds its
 * own: a fork takes locks in the opposite order. */
void harena__escape_start(void) { pthread_atfork(before_fork, after_fork, after_fork); }

static bool has_workspace(void) {
  if (!work) {
    work = harena__map_pages(sizeof *work);
  }
  return work != NULL;
}

/* ---- Sightings ---- */

/* A number for a place and what it holds, hidden by the mixing. A place that lies in a named root
 * as well is another one there: what was counted as weak may be reported. */
static uintptr_t key_of(const harena__sighting *sighting) {
  bool is_named = sighting->root && sighting->root->kind == HARENA__ROOT_NAMED;
  uint64_t mixed = ((uint64_t)sighting->hidden_slot + is_named) * 0x9e3779b97f4a7c15ULL;
  mixed = (mixed ^ (uint64_t)sighting->hidden_value) * 0xff51afd7ed558ccdULL;
  return (uintptr_t)(mixed ^ mixed >> 32) | 1;
}

static void note(uintptr_t slot, uintptr_t value, const harena__root *root) {
  if (work->count == MOST_SIGHTINGS) {
    work->left_out++;
    return;
  }
  work->sightings[work->count++] = (harena__sighting){~slot, ~value, root};
}

/* The block that a pointer leads into, up to one behind its end. */
static bool copy_block_at(uintptr_t value, harena__entry *out) {
  return harena__ledger_copy((const void *)value, out) &&
         value - (uintptr_t)harena__unhide(out->hidden_block) <= out->size;
}

/* A block that ended with its arena or its generation, and whose place is nobody else's. */
static bool has_ended(const harena__entry *entry) {
  return entry->state != HARENA_LIVE && entry->swept && !entry->reusable;
}

static bool is_epoch(uintptr_t slot, const harena__entry *entry) {
  uintptr_t epoch;
  return harena__copy_word(slot, &epoch) && (uint32_t)epoch == entry->epoch && entry->epoch != 0;
}

/* A reference is an address and an epoch, and may be kept: it is checked when it is used. */
static bool is_reference(uintptr_t slot, const harena__entry *entry) {
  return is_epoch(slot + offsetof(harena_ref, epoch), entry);
}

static bool is_reference_apart(const harena__holder_record *holder, const harena__entry *entry) {
  return holder->next_part != 0 && is_epoch(holder->next_part, entry);
}

static void take_dead_hit(uintptr_t slot, uintptr_t value, const harena__root *root,
                          void *context) {
  (void)context;
  if (!harena__is_in_dead_page(value) || !harena__is_programs_word(slot) ||
      harena__is_dead_memory(slot)) {
    return;
  }
  harena__point_at(value);
  harena__entry entry;
  if (copy_block_at(value, &entry) && has_ended(&entry)) {
    note(slot, value, root);
  }
}

/* The registers have no place in memory; they are numbered instead. */
static void take_register(unsigned number, uintptr_t value) {
  if (harena__is_in_dead_page(value)) {
    harena__point_at(value);
  }
  note(number, value, NULL);
}

static void take_registers(harena__range target) {
  uintptr_t values[HARENA__SAVED_REGISTERS];
  unsigned count = harena__callers_registers(values);
  for (unsigned i = 0; i < count; i++) {
    if (harena__range_holds(target, values[i])) {
      take_register(i, values[i]);
    }
  }
}

/* The caller's frame begins behind the return address of the public function. */
static const void *callers_frame(void) {
  const char *frame = harena__call.frame;
  return frame ? frame + 2 * sizeof(void *) : NULL;
}

/* Fills in the sightings. */
static void look_everywhere(harena__range target, const void *frame, harena__hit_fn *hit,
                            void *context) {
  work->count = 0;
  work->left_out = work->roots.left_out;
  size_t step = harena__min((size_t)harena__option()->scan_step, sizeof(void *));
  statistics.bytes += harena__sweep(&work->roots, target, step, work->buffer, hit, context);
  if (frame) {
    take_registers(target);
  }
  statistics.left_out += work->left_out;
}

/* False when there is no looking. memcheck would tell of all that is touched on the way. */
static bool look(harena__range target, const void *frame, harena__hit_fn *hit, void *context) {
  VALGRIND_DISABLE_ERROR_REPORTING;
  bool known = has_workspace() && harena__collect_roots(&work->roots, frame);
  if (known) {
    look_everywhere(target, frame, hit, context);
  }
  harena__let_threads_go();
  VALGRIND_ENABLE_ERROR_REPORTING;
  return known;
}

/* ---- Holders ---- */

static bool classify(const harena__sighting *sighting, harena__holder_record *out) {
  if (sighting->root) {
    return harena__classify_holder(sighting, &work->roots, out);
  }
  *out = (harena__holder_record){.kind = HARENA__HOLDER_REGISTER,
                                 .weak = true,
                                 .target = harena__unhide(sighting->hidden_value)};
  return true;
}

static void name(const harena__sighting *sighting, harena__holder_record *out) {
  if (sighting->root) {
    harena__name_holder(sighting, &work->roots, out);
    return;
  }
  const char *reg = harena__register_name((unsigned)~sighting->hidden_slot);
  strcpy(out->name, "register ");
  strcat(out->name, reg);
  strcpy(out->symbol, reg);
}

/* ---- Verdicts ---- */

/* memcheck shows heap blocks with their stacks, better than we can. */
static void ask_memcheck(const harena__entry *entry) {
  if (harena__on_valgrind()) {
    char command[64];
    snprintf(command, sizeof command, "who_points_at %p %zu",
             (void *)harena__unhide(entry->hidden_block), entry->size);
    VALGRIND_MONITOR_COMMAND(command);
  }
}

static void report(const harena__holder_record *holder, const harena__entry *entry) {
  harena__escape_text what;
  harena__write_escape(&what, holder->kind, entry->state);
  harena__finding finding = {.class = HARENA__ESCAPED_REFERENCE,
                             .what = what.text,
                             .address = holder->target,
                             .block = entry,
                             .arena = harena__ledger_watch_of(entry),
                             .holder = holder};
  statistics.reported++;
  ask_memcheck(entry);
  harena__find(&finding);
}

typedef enum reason { SWEEP_DUE, SWEEP_AT_ONCE, SWEEP_AT_EXIT } reason;

/* Whether a strong sighting may be reported now, or has to be seen once more. What another thread
 * is about to overwrite is always forgiven, but for at exit. */
static bool is_confirmed(uintptr_t key, const harena__holder_record *holder, reason why) {
  bool at_once = why == SWEEP_AT_ONCE && holder->kind != HARENA__HOLDER_THREAD;
  return at_once || why == SWEEP_AT_EXIT || harena__word_set_holds(&waiting, key);
}

static void judge(const harena__sighting *sighting, reason why) {
  uintptr_t key = key_of(sighting);
  harena__entry entry;
  harena__holder_record holder;
  if (!copy_block_at(~sighting->hidden_value, &entry) || harena__word_set_holds(&told, key) ||
      !classify(sighting, &holder)) {
    return;
  }
  bool allowed = sighting->root && harena__is_allowed(~sighting->hidden_slot);
  if (sighting->root && is_reference(~sighting->hidden_slot, &entry)) {
    return;
  }
  if (!allowed && !holder.weak && !is_confirmed(key, &holder, why)) {
    harena__word_set_add(&seen, key);
    return;
  }
  harena__word_set_add(&told, key);
  statistics.allowed += allowed;
  statistics.weak += !allowed && holder.weak;
  if (!allowed && !holder.weak) {
    name(sighting, &holder);
    if (!is_reference_apart(&holder, &entry)) {
      report(&holder, &entry);
    }
  }
}

static void swap_waiting(void) {
  harena__word_set last = waiting;
  waiting = seen;
  seen = last;
  harena__word_set_empty(&seen);
  statistics.waiting = waiting.count;
}

/* ---- Sweeps ---- */

static void sweep(const void *frame, reason why) {
  uint64_t begun = now();
  atomic_store(&pending, false);
  harena__sweep_begins();
  if (look(harena__dead_range(), frame, take_dead_hit, NULL)) {
    for (size_t i = 0; i < work->count; i++) {
      judge(&work->sightings[i], why);
    }
    swap_waiting();
    statistics.sweeps++;
    harena__sweep_ends(work->roots.left_out == 0);
  }
  if (waiting.count > 0) {
    atomic_store(&pending, true);
  }
  last_duration = now() - begun;
  statistics.nanoseconds += last_duration;
}

/* What a sweep takes before the first has shown it. */
static const uint64_t first_guess = 1000000;

/* Whether one more sweep, as long as the last, keeps all of them within their share. */
static bool is_due(void) {
  uint64_t next = last_duration ? last_duration : first_guess;
  uint64_t share = (uint64_t)harena__option()->sweep_budget;
  return (statistics.nanoseconds + next) * 100 <= (now() - started) * share;
}

static void sweep_if_due(void) {
  bool immediate = harena__option()->escape == HARENA__ESCAPE_IMMEDIATE;
  bool wanted = harena__is_sweep_wanted();
  if ((!atomic_load(&pending) && !wanted) || !begin_looking()) {
    return;
  }
  if (immediate || wanted || is_due()) {
    sweep(callers_frame(), immediate ? SWEEP_AT_ONCE : SWEEP_DUE);
  }
  end_looking();
}

/* Runs behind the program's own functions for the end. Its stack is gone by now. What earlier
 * sweeps have not seen may have moved to where this one looks. */
__attribute__((destructor)) static void sweep_at_exit(void) {
  bool wanted = harena__option()->escape != HARENA__ESCAPE_OFF && harena__dead_range().end != 0;
  if (wanted && begin_looking()) {
    sweep(NULL, SWEEP_AT_EXIT);
    end_looking();
  }
}

/* ---- Registered pointers ---- */

enum { SLOTS_AT_ONCE = 512 };

static void look_at_registered(uintptr_t slot) {
  uintptr_t value;
  harena__entry entry;
  bool known = harena__copy_word(slot, &value) && value && copy_block_at(value, &entry);
  harena__sighting sighting = {~slot, ~value, NULL};
  if (!known || !has_ended(&entry) || harena__is_allowed(slot) ||
      harena__word_set_holds(&told, key_of(&sighting))) {
    return;
  }
  harena__word_set_add(&told, key_of(&sighting));
  harena__holder_record holder = {
      .kind = HARENA__HOLDER_REGISTERED, .slot = (const void *)slot, .target = (const void *)value};
  harena__name_registered(slot, &holder);
  report(&holder, &entry);
}

static void check_registered(void) {
  uintptr_t hidden[SLOTS_AT_ONCE];
  size_t count = harena__registered_count() ? harena__registered_slots(hidden, SLOTS_AT_ONCE) : 0;
  if (count == 0 || !begin_looking()) {
    return;
  }
  for (size_t i = 0; i < count; i++) {
    look_at_registered(~hidden[i]);
  }
  end_looking();
}

/* ---- The seams ---- */

void harena__escape_retired(const char *from, const char *to) {
  if (from < to && harena__option()->escape != HARENA__ESCAPE_OFF) {
    harena__mark_dead(from, to);
    atomic_store(&pending, true);
  }
}

void harena__escape_step(void) {
  if (harena__option()->escape != HARENA__ESCAPE_OFF) {
    check_registered();
    sweep_if_due();
  }
}

harena__escape_statistics harena__escape_measure(void) {
  take_lock();
  harena__escape_statistics measured = statistics;
  drop_lock();
  return measured;
}

/* ---- Holders of what lives ---- */

static void take_live_hit(uintptr_t slot, uintptr_t value, const harena__root *root,
                          void *context) {
  uint32_t arena = *(const uint32_t *)context;
  harena__entry target;
  harena__entry home;
  bool wanted =
      copy_block_at(value, &target) && target.arena == arena && target.state == HARENA_LIVE;
  bool is_own = harena__ledger_copy((const void *)slot, &home) && home.arena == arena;
  if (wanted && !is_own && harena__is_programs_word(slot)) {
    note(slot, value, root);
  }
}

static bool tell(const harena__sighting *sighting, harena_holder_fn *each, void *context) {
  harena__holder_record record;
  if (!each) {
    return true;
  }
  classify(sighting, &record);
  name(sighting, &record);
  harena_holder holder = {.slot = record.slot,
                          .target = record.target,
                          .kind = harena__holder_kind_name(record.kind),
                          .name = record.name,
                          .weak = record.weak};
  return each(&holder, context);
}

size_t harena__find_holders(uint32_t arena, harena__range memory, harena_holder_fn *each,
                            void *context) {
  size_t count = 0;
  if (!begin_looking()) {
    return 0;
  }
  bool goes_on = look(memory, callers_frame(), take_live_hit, &arena);
  for (size_t i = 0; goes_on && i < work->count; i++) {
    harena__holder_record record;
    if (classify(&work->sightings[i], &record)) {
      count++;
      goes_on = tell(&work->sightings[i], each, context);
    }
  }
  end_looking();
  return count;
}

/* ---- What is held ---- */

/* Few words in the range are a handle; the others would fill up the room. */
static void take_handle(uintptr_t slot, uintptr_t value, const harena__root *root, void *context) {
  (void)context;
  const harena__watch *watch = harena__ledger_watch_at((const void *)value);
  if (watch && watch->open && harena__is_programs_word(slot)) {
    note(slot, value, root);
  }
}

bool harena__each_held(harena__range target, const void *frame,
                       void (*each)(uintptr_t value, void *context), void *context) {
  if (!begin_looking()) {
    return false;
  }
  bool complete = look(target, frame, take_handle, NULL) && work->left_out == 0 &&
                  harena__are_stacks_known(&work->roots);
  for (size_t i = 0; complete && i < work->count; i++) {
    harena__holder_record holder;
    if (classify(&work->sightings[i], &holder)) {
      each((uintptr_t)harena__unhide(work->sightings[i].hidden_value), context);
    }
  }
  end_looking();
  return complete;
}
