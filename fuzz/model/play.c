#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "subject.h"

world the_world;

_Noreturn void wrong(int line, const char *what) {
  fprintf(stderr, "%s arena, operation %zu, line %d: not %s\n",
          harena_instrumented() ? "instrumented" : "release", the_world.step, line, what);
  abort();
}

/* ---- Panics ---- */

static void jump_back(const char *message) {
  bool is_expected = the_world.expected_panic && strstr(message, the_world.expected_panic);
  if (!is_expected) {
    fprintf(stderr, "panic: %s\n", message);
    wrong(__LINE__, "expected");
  }
  longjmp(the_world.panicked, 1);
}

/* A program that is valid has no findings but for the misuse that the release build sees too, and
 * for what is refused while cleanups run. */
static void take_report(const char *text, void *context) {
  (void)context;
  if (!the_world.expected_panic && !the_world.expects_finding) {
    fputs(text, stderr);
    wrong(__LINE__, "silent");
  }
}

static const char *possible_panic(const subject *it) {
  return has_flag(it, HARENA_ABORT_ON_FAILURE) ? "harena: " : NULL;
}

/* ---- Operations ---- */

static play_step *const steps[OPERATION_KINDS] = {
    [DO_ALLOC] = step_alloc,   [DO_ALLOC_ZEROED] = step_zeroed, [DO_ALLOC_BETWEEN] = step_between,
    [DO_COPY] = step_copy,     [DO_FREE] = step_free,           [DO_REALLOC] = step_realloc,
    [DO_SAVE] = step_save,     [DO_REWIND] = step_rewind,       [DO_SCOPE] = step_scope,
    [DO_DEFER] = step_defer,   [DO_CLEAR] = step_clear,         [DO_CLOSE] = step_close,
    [DO_OPEN] = step_open,     [DO_TRIM] = step_trim,           [DO_LIMIT] = step_limit,
    [DO_MISUSE] = step_misuse,
};

static void run_step(subject *it, const operation *op) {
  play_step *step = it->arena ? steps[op->kind] : step_open;
  the_world.expected_panic = it->arena ? possible_panic(it) : "harena: ";
  it->had_just_allocated = it->has_just_allocated;
  it->has_just_allocated = false;
  let_faults_happen(true);
  if (setjmp(the_world.panicked) == 0) {
    step(it, op);
  }
  let_faults_happen(false);
  the_world.expected_panic = NULL;
}

/* The watcher keeps its own records in memory that may be refused as well. */
static void notice_faults(void) {
  if (faults_happened() && harena_instrumented()) {
    the_world.figures_are_exact = false;
  }
}

static void look_at(subject *it, const operation *op) {
  notice_faults();
  for (subject *member = it; member; member = member->parent) {
    check_figures(member);
  }
  check_something(it, op->second);
  if (it->count > MOST_ENTRIES - 4) {
    step_clear(it, op);
  }
}

static void run_operation(const operation *op) {
  subject *it = &the_world.subjects[op->slot];
  the_world.done = false;
  if (op->kind == DO_FAULT) {
    plan_faults(op->first % 8, 1 + op->choice % 4);
    return;
  }
  run_step(it, op);
  if (it->arena) {
    look_at(it, op);
  }
}

/* ---- Answers ---- */

static void note_answer(answer *to, const subject *it) {
  *to = (answer){.opened_at = it->opened_at,
                 .comparable = it->arena && it->is_comparable && !faults_happened(),
                 .peak_comparable = it->peak_is_comparable,
                 .done = the_world.done};
  if (it->arena) {
    to->exact = has_flag(it, HARENA_COUNT);
    to->status = harena_last_status(it->arena);
    to->figures = harena_measure(it->arena);
  }
}

/* ---- A whole program ---- */

static void print_state(const subject *it) {
  if (it->arena) {
    fprintf(stderr, "   %s, %zu entries, %zu bytes used%s%s\n",
            the_world.done ? "done" : "not done", it->count, used_by(it),
            it->is_exact ? ", exact" : "", it->is_comparable ? ", comparable" : "");
  }
}

static void begin_world(void) {
  the_world.opened = 0;
  the_world.misuses = 0;
  the_world.figures_are_exact = true;
  forget_faults();
  harena_set_panic_handler(jump_back);
  harena_set_report_callback(take_report, NULL);
}

static void end_world(void) {
  for (size_t i = 0; i < SLOTS; i++) {
    subject *it = &the_world.subjects[i];
    if (it->arena && !it->parent) {
      step_close(it, NULL);
    }
  }
}

void play(const uint8_t *bytes, size_t size, history *answers, play_observer *observe) {
  operation_budget budget = {(size_t)4 << 20};
  size_t count = size / OPERATION_BYTES;
  bool is_traced = getenv("FUZZ_TRACE") != NULL;
  begin_world();
  for (the_world.step = 0; the_world.step < count && the_world.step < MOST_OPERATIONS;
       the_world.step++) {
    operation op = read_operation(bytes + the_world.step * OPERATION_BYTES, &budget);
    const subject *it = &the_world.subjects[op.slot];
    if (is_traced) {
      print_operation(the_world.step, &op);
    }
    run_operation(&op);
    if (is_traced) {
      print_state(it);
    }
    if (observe && it->arena) {
      observe(it->arena);
    }
    if (answers) {
      note_answer(&answers->answers[answers->count++], it);
    }
  }
  end_world();
}
