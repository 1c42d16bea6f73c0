#include "report.h"

#include <string.h>

const char *harena__subject_name(harena__subject subject) {
  static const char *const names[] = {
      [HARENA__CALL] = "call",   [HARENA__OTHER] = "other", [HARENA__HOLDER] = "holder",
      [HARENA__BLOCK] = "block", [HARENA__ARENA] = "arena",
  };
  _Static_assert(sizeof names / sizeof names[0] == HARENA__SUBJECTS, "every subject has a name");
  return names[subject];
}

/* ---- Sites ---------------------------------------------------------------------------------- */

static void add_site(harena__report *report, harena__site site) {
  if (site.trace.depth > 0) {
    report->sites[report->site_count++] = site;
  }
}

static void add_call(harena__report *report) {
  add_site(report, (harena__site){.subject = HARENA__CALL,
                                  .event = "found",
                                  .trace = harena__trace_of(report->finding->found)});
}

static void add_other(harena__report *report) {
  add_site(report, (harena__site){.subject = HARENA__OTHER,
                                  .event = report->finding->other_what,
                                  .trace = harena__trace_of(report->finding->other)});
}

/* An arena's block has its stack in the depot, a heap block brings its own. */
static void add_holder(harena__report *report) {
  const harena__holder_record *holder = report->finding->holder;
  harena__trace own = {holder->frames, holder->depth};
  harena__trace trace = holder->block ? harena__trace_of(holder->block->allocated) : own;
  add_site(report, (harena__site){.subject = HARENA__HOLDER, .event = "allocated", .trace = trace});
}

static void add_block(harena__report *report, const char *event, uint32_t number,
                      harena__stack stack) {
  add_site(report, (harena__site){.subject = HARENA__BLOCK,
                                  .event = event,
                                  .arena = report->home,
                                  .number = number,
                                  .trace = harena__trace_of(stack)});
}

static void add_arena(harena__report *report, const harena__watch *arena, const char *event,
                      uint32_t number, harena__stack stack) {
  add_site(report, (harena__site){.subject = HARENA__ARENA,
                                  .event = event,
                                  .arena = arena,
                                  .number = number,
                                  .trace = harena__trace_of(stack)});
}

static void add_block_end(harena__report *report) {
  const harena__entry *block = report->finding->block;
  switch (block->state) {
    case HARENA_FREED:
      add_block(report, "freed", block->ended_event, block->retired);
      break;
    case HARENA_REWOUND:
      add_arena(report, report->home, "rewound", block->ended_event, block->retired);
      break;
    case HARENA_CLEARED:
      add_arena(report, report->home, "cleared", block->ended_event, block->retired);
      break;
    case HARENA_CLOSED:
      add_arena(report, report->home, "closed", block->ended_event, block->retired);
      break;
    default:
      break;
  }
}

/* What ended the arena, or what it held before, for findings that come from that; 0 for others. */
static harena__stack arena_end(const harena__report *report) {
  const harena__watch *arena = report->arena;
  if (!arena->open) {
    return arena->closed;
  }
  switch (report->finding->class) {
    case HARENA__MARK_DEAD:
    case HARENA__REFERENCE_STALE:
    case HARENA__CALL_REFUSED:
      return arena->ending;
    default:
      return 0;
  }
}

static const char *end_event(const harena__watch *arena) {
  if (!arena->open || arena->ending_why == HARENA__CLOSED) {
    return "closed";
  }
  return arena->ending_why == HARENA__REWOUND ? "rewound" : "cleared";
}

static void add_arena_life(harena__report *report) {
  const harena__watch *arena = report->arena;
  harena__stack end = arena_end(report);
  if (end != 0) {
    add_arena(report, arena, end_event(arena), arena->ending_event, end);
  } else {
    add_arena(report, arena, "opened", arena->opened_event, arena->opened);
  }
}

static void add_sites(harena__report *report) {
  const harena__finding *finding = report->finding;
  add_call(report);
  add_other(report);
  if (finding->holder) {
    add_holder(report);
  }
  if (finding->block) {
    add_block(report, "allocated", finding->block->born_event, finding->block->allocated);
    add_block_end(report);
  }
  if (report->arena && report->arena != report->home) {
    add_arena_life(report);
  }
}

/* ---- Names ---------------------------------------------------------------------------------- */

static const char *arena_name(const harena__report *report) {
  const harena__finding *finding = report->finding;
  const harena__watch *arena = finding->block ? report->home : report->arena;
  if (arena) {
    return arena->name;
  }
  return finding->block && !finding->arena_name ? "unknown" : finding->arena_name;
}

static bool find_place(const harena__report *report, harena__symbol *out) {
  const harena__finding *finding = report->finding;
  harena__stack stacks[] = {finding->block ? finding->block->allocated : 0, finding->found,
                            report->arena ? report->arena->opened : 0};
  for (size_t i = 0; i < sizeof stacks / sizeof stacks[0]; i++) {
    if (harena__first_user_frame(stacks[i], finding->in_signal_handler, out)) {
      return true;
    }
  }
  return false;
}

static bool find_end(const harena__report *report, harena__symbol *out) {
  const harena__finding *finding = report->finding;
  harena__stack end = 0;
  if (finding->other) {
    end = finding->other;
  } else if (finding->block) {
    end = finding->block->retired;
  } else if (report->arena) {
    end = arena_end(report);
  }
  return harena__first_user_frame(end, finding->in_signal_handler, out);
}

void harena__make_report(harena__report *report, const harena__finding *finding) {
  report->finding = finding;
  report->arena = finding->arena;
  report->home = finding->block ? harena__ledger_watch_of(finding->block) : NULL;
  report->arena_name = arena_name(report);
  report->site_count = 0;
  add_sites(report);
  report->has_place = find_place(report, &report->place);
  report->has_end = find_end(report, &report->end);
}

/* ---- The signature -------------------------------------------------------------------------- */

/* A function, or a place in a file of the program. */
static void add_function(harena__line *line, const harena__symbol *place) {
  harena__add(line, "\t");
  if (place && *place->function != '\0') {
    harena__add_name(line, place->function);
  } else if (!place || *place->module == '\0') {
    harena__add(line, "-");
  } else {
    const char *slash = strrchr(place->module, '/');
    harena__add_name(line, slash ? slash + 1 : place->module);
    harena__add(line, "+");
    harena__add_hex(line, place->offset);
  }
}

static void add_owner(harena__line *line, const harena__report *report) {
  const harena__holder_record *holder = report->finding->holder;
  harena__add(line, "\t");
  if (holder) {
    harena__add(line, harena__holder_kind_name(holder->kind));
    harena__add(line, ":");
    harena__add_name(line, *holder->symbol ? holder->symbol : "-");
  } else {
    bool has_name = report->arena_name && *report->arena_name;
    harena__add_name(line, has_name ? report->arena_name : "-");
  }
}

void harena__add_signature(harena__line *line, const harena__report *report) {
  harena__add(line, harena__describe_class(report->finding->class)->name);
  add_function(line, report->has_place ? &report->place : NULL);
  add_function(line, report->has_end ? &report->end : NULL);
  add_owner(line, report);
}
