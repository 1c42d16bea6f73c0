#include <string.h>
#include <unistd.h>

#include "finding.h"
#include "frames.h"
#include "line.h"

typedef void emit_fn(const char *line);

/* What the parts of a report are made from. */
struct report {
  const harena__finding *finding;
  const harena__watch *arena; /* of the bad call */
  const harena__watch *home;  /* of the block */
  emit_fn *emit;
};

static void emit_line(const struct report *report, harena__line *line) {
  report->emit(line->text);
  *line = (harena__line){0};
}

/* ---- Stacks --------------------------------------------------------------------------------- */

struct frame_writer {
  const struct report *report;
  unsigned next;
  bool shows_own;
  bool reached_main;
};

static void write_frame(const harena__symbol *symbol, void *context) {
  struct frame_writer *writer = context;
  if (writer->next == 0 && !writer->shows_own && harena__is_own_function(symbol)) {
    return;
  }
  harena__line line = {0};
  harena__add(&line, "    #");
  harena__add_number(&line, writer->next++);
  harena__add(&line, " ");
  harena__add_frame(&line, symbol);
  emit_line(writer->report, &line);
  writer->reached_main = strcmp(symbol->function, "main") == 0;
}

/* What called main is the same in every program. */
static void write_frames(struct frame_writer *writer, const uintptr_t *frames, size_t depth) {
  for (size_t i = 0; i < depth && !writer->reached_main; i++) {
    harena__symbolize(frames[i], writer->report->finding->in_signal_handler, write_frame, writer);
  }
}

/* The library's own frames at the top are left out, unless nothing else is there. */
static void write_stack(const struct report *report, const uintptr_t *frames, size_t depth) {
  struct frame_writer writer = {.report = report};
  write_frames(&writer, frames, depth);
  if (writer.next == 0) {
    writer.shows_own = true;
    write_frames(&writer, frames, depth);
  }
}

static void write_section(const struct report *report, harena__line *title, harena__stack stack) {
  if (stack == 0) {
    return;
  }
  size_t depth;
  const uintptr_t *frames = harena__frames(stack, &depth);
  emit_line(report, title);
  write_stack(report, frames, depth);
}

static void write_titled(const struct report *report, const char *text, harena__stack stack) {
  harena__line title = {0};
  harena__add(&title, text);
  write_section(report, &title, stack);
}

/* ---- Names ---------------------------------------------------------------------------------- */

/* Of the arena that the finding is about; NULL when there is none. */
static const char *arena_name(const struct report *report) {
  const harena__finding *finding = report->finding;
  const harena__watch *arena = finding->block ? report->home : report->arena;
  if (arena) {
    return arena->name;
  }
  return finding->block && !finding->arena_name ? "unknown" : finding->arena_name;
}

static void add_arena(harena__line *line, const char *name) {
  harena__add(line, "arena \"");
  harena__add_name(line, name);
  harena__add(line, "\"");
}

static void add_generation(harena__line *line, uint64_t generation) {
  harena__add(line, " (generation ");
  harena__add_number(line, generation);
  harena__add(line, ")");
}

/* As the number is spoken: an 8-byte, an 11-byte, an 18-byte, an 80-byte block. */
static bool begins_with_vowel(size_t number) {
  while (number >= 1000) {
    number /= 1000;
  }
  return number == 8 || number == 11 || number == 18 || number / 10 == 8 || number / 100 == 8;
}

static void add_size(harena__line *line, size_t size) {
  harena__add(line, begins_with_vowel(size) ? "an " : "a ");
  harena__add_number(line, size);
  harena__add(line, "-byte block");
}

static void add_bytes(harena__line *line, size_t count) {
  harena__add_number(line, count);
  harena__add(line, count == 1 ? " byte" : " bytes");
}

/* ---- Where the address is ------------------------------------------------------------------- */

static void add_position(harena__line *line, uintptr_t address, uintptr_t block, size_t size) {
  if (address < block) {
    add_bytes(line, block - address);
    harena__add(line, " before ");
  } else if (address == block || address - block < size) {
    add_bytes(line, address - block);
    harena__add(line, " inside ");
  } else {
    add_bytes(line, address - block - size);
    harena__add(line, " after ");
  }
}

/* An access may begin inside and end outside, and then its address alone looks right. */
static void add_excess(harena__line *line, const harena__finding *finding, uintptr_t offset) {
  const harena__entry *block = finding->block;
  bool begins_inside = offset < block->size;
  if (block->state == HARENA_LIVE && begins_inside && finding->access_size > block->size - offset) {
    harena__add(line, "; the access of ");
    add_bytes(line, finding->access_size);
    harena__add(line, " goes past its end");
  }
}

static void write_block(const struct report *report) {
  const harena__finding *finding = report->finding;
  const harena__entry *entry = finding->block;
  uintptr_t block = (uintptr_t)harena__unhide(entry->hidden_block);
  uintptr_t address = finding->address ? (uintptr_t)finding->address : block;
  harena__line line = {0};
  harena__add_hex(&line, address);
  harena__add(&line, " is ");
  add_position(&line, address, block, entry->size);
  add_size(&line, entry->size);
  harena__add(&line, " of ");
  add_arena(&line, arena_name(report));
  add_generation(&line, entry->generation);
  add_excess(&line, finding, address - block);
  emit_line(report, &line);
}

static void add_place_in_arena(harena__line *line, const struct report *report) {
  uintptr_t address = (uintptr_t)report->finding->address;
  uintptr_t record = report->arena ? (uintptr_t)harena__unhide(report->arena->hidden_handle) : 0;
  harena__add_hex(line, address);
  if (record != 0 && address == record) {
    harena__add(line, " is the handle of ");
  } else if (record != 0 && address > record && address - record < HARENA_OVERHEAD) {
    harena__add(line, " is ");
    add_bytes(line, address - record);
    harena__add(line, " inside the record of ");
  } else {
    harena__add(line, " is in no block of ");
  }
}

static void add_leaked_bytes(harena__line *line, const harena__finding *finding) {
  harena__add(line, ", which holds ");
  harena__add_number(line, finding->used);
  harena__add(line, " of ");
  add_bytes(line, finding->reserved);
}

static void write_arena(const struct report *report) {
  harena__line line = {0};
  if (report->finding->address) {
    add_place_in_arena(&line, report);
  }
  add_arena(&line, arena_name(report));
  if (report->arena) {
    add_generation(&line, report->arena->generation);
  }
  if (report->finding->reserved > 0) {
    add_leaked_bytes(&line, report->finding);
  }
  emit_line(report, &line);
}

static void write_holder(const struct report *report) {
  const harena__finding *finding = report->finding;
  uintptr_t address = (uintptr_t)finding->address;
  harena__line line = {0};
  harena__add_name(&line, finding->holder->name);
  harena__add(&line, " holds ");
  harena__add_hex(&line, address);
  if (finding->block) {
    uintptr_t block = (uintptr_t)harena__unhide(finding->block->hidden_block);
    harena__add(&line, ", ");
    add_position(&line, address, block, finding->block->size);
    add_size(&line, finding->block->size);
  }
  emit_line(report, &line);
}

static void write_place(const struct report *report) {
  if (report->finding->holder) {
    write_holder(report);
  } else if (report->finding->block) {
    write_block(report);
  } else if (arena_name(report)) {
    write_arena(report);
  }
}

/* ---- Overwritten bytes ---------------------------------------------------------------------- */

enum { PICTURE_BYTES = 16, BYTES_BEFORE = 4 };

/* The bytes to show: as many as there are around the bad one, at most a line. */
static const char *picture_start(const harena__finding *finding, const char *bad) {
  size_t before = (size_t)(bad - finding->bytes);
  if (finding->byte_count <= PICTURE_BYTES || before <= BYTES_BEFORE) {
    return finding->bytes;
  }
  size_t last_start = finding->byte_count - PICTURE_BYTES;
  size_t start = before - BYTES_BEFORE;
  return finding->bytes + (start < last_start ? start : last_start);
}

static const char *bad_byte(const harena__finding *finding) {
  const char *address = finding->address;
  bool is_inside = (uintptr_t)address - (uintptr_t)finding->bytes < finding->byte_count;
  return is_inside ? address : finding->bytes;
}

static void write_picture(const struct report *report) {
  const harena__finding *finding = report->finding;
  if (!finding->bytes || finding->byte_count == 0) {
    return;
  }
  const char *bad = bad_byte(finding);
  const char *start = picture_start(finding, bad);
  size_t left = finding->byte_count - (size_t)(start - finding->bytes);
  harena__line line = {0};
  harena__add(&line, "  overwritten there:");
  emit_line(report, &line);
  harena__add(&line, "    ");
  harena__add_hex(&line, (uintptr_t)start);
  harena__add(&line, ":");
  size_t caret = line.length + 3 * (size_t)(bad - start) + 1;
  for (size_t i = 0; i < left && i < PICTURE_BYTES; i++) {
    harena__add(&line, " ");
    harena__add_byte(&line, (unsigned char)start[i]);
  }
  emit_line(report, &line);
  harena__add_column(&line, caret);
  harena__add(&line, "^^");
  emit_line(report, &line);
}

/* ---- Ends ----------------------------------------------------------------------------------- */

/* " (opened server.c:88)" */
static void add_opened(harena__line *line, const struct report *report,
                       const harena__watch *arena) {
  harena__symbol symbol;
  bool in_signal_handler = report->finding->in_signal_handler;
  if (arena && harena__first_user_frame(arena->opened, in_signal_handler, &symbol)) {
    harena__add(line, " (opened ");
    harena__add_place(line, &symbol);
    harena__add(line, ")");
  }
}

static void write_arena_end(const struct report *report, const harena__watch *arena,
                            const char *end, harena__stack stack) {
  if (stack == 0) {
    return;
  }
  harena__line title = {0};
  harena__add(&title, "  ");
  add_arena(&title, arena ? arena->name : arena_name(report));
  add_opened(&title, report, arena);
  harena__add(&title, end);
  write_section(report, &title, stack);
}

static void write_block_end(const struct report *report) {
  const harena__entry *block = report->finding->block;
  switch (block->state) {
    case HARENA_FREED:
      write_titled(report, "  block freed here:", block->retired);
      break;
    case HARENA__STATE_MOVED:
      write_titled(report, "  block moved by realloc here:", block->retired);
      break;
    case HARENA_REWOUND:
      write_arena_end(report, report->home, " was rewound here:", block->retired);
      break;
    case HARENA_CLEARED:
      write_arena_end(report, report->home, " was cleared here:", block->retired);
      break;
    case HARENA_CLOSED:
      write_arena_end(report, report->home, " was closed here:", block->retired);
      break;
    default:
      break;
  }
}

/* What ended what the arena held before, for findings that come from it. */
static harena__stack last_end(const harena__finding *finding, const harena__watch *arena) {
  switch (finding->class) {
    case HARENA__MARK_DEAD:
    case HARENA__REFERENCE_STALE:
    case HARENA__CALL_REFUSED:
      return arena->ending;
    default:
      return 0;
  }
}

static const char *end_text(harena__end why) {
  switch (why) {
    case HARENA__REWOUND:
      return " was rewound here:";
    case HARENA__CLOSED:
      return " was closed here:";
    default:
      return " was cleared here:";
  }
}

static void write_arena_life(const struct report *report) {
  const harena__watch *arena = report->arena;
  harena__stack end = arena->open ? last_end(report->finding, arena) : arena->closed;
  if (end != 0) {
    write_arena_end(report, arena,
                    arena->open ? end_text(arena->ending_why) : " was closed here:", end);
    return;
  }
  harena__line title = {0};
  harena__add(&title, "  ");
  add_arena(&title, arena->name);
  harena__add(&title, " was opened here:");
  write_section(report, &title, arena->opened);
}

static void write_birth(const struct report *report) {
  const harena__entry *block = report->finding->block;
  harena__line title = {0};
  harena__add(&title, "  block");
  if (report->finding->holder) {
    harena__add(&title, " of ");
    add_arena(&title, arena_name(report));
    harena__add(&title, " generation ");
    harena__add_number(&title, block->generation);
    harena__add(&title, ",");
  }
  harena__add(&title, " allocated here:");
  write_section(report, &title, block->allocated);
}

/* An arena's block has its stack in the depot, a heap block brings its own. */
static void write_holders_birth(const struct report *report) {
  const harena__holder_record *holder = report->finding->holder;
  if (holder->block) {
    write_titled(report, "  holder allocated here:", holder->block->allocated);
  } else if (holder->depth > 0) {
    report->emit("  holder allocated here:");
    write_stack(report, holder->frames, holder->depth);
  }
}

static void write_other(const struct report *report) {
  const harena__finding *finding = report->finding;
  if (finding->other == 0) {
    return;
  }
  harena__line title = {0};
  harena__add(&title, "  ");
  harena__add(&title, finding->other_what);
  harena__add(&title, ":");
  write_section(report, &title, finding->other);
}

static void write_lives(const struct report *report) {
  if (report->finding->holder) {
    write_holders_birth(report);
  }
  if (report->finding->block) {
    write_birth(report);
    write_block_end(report);
  }
  if (report->arena && report->arena != report->home) {
    write_arena_life(report);
  }
}

/* ---- The first and the last lines ----------------------------------------------------------- */

static void write_first_line(const struct report *report, bool appended) {
  harena__line line = {0};
  if (!appended) {
    report->emit("=================================================================");
    harena__add(&line, "==");
    harena__add_number(&line, (uint64_t)getpid());
    harena__add(&line, "==ERROR: ");
  }
  harena__add(&line, "harena: ");
  harena__add(&line, harena__class_name(report->finding->class));
  harena__add(&line, ": ");
  harena__add_name(&line, report->finding->what);
  emit_line(report, &line);
}

/* The place that stands for a finding: where the block was allocated, else the bad call, else
 * where the arena was opened. */
static bool main_frame(const struct report *report, harena__symbol *out) {
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

static bool end_frame(const struct report *report, harena__symbol *out) {
  const harena__finding *finding = report->finding;
  const harena__watch *arena = report->arena;
  harena__stack end = 0;
  if (finding->other) {
    end = finding->other;
  } else if (finding->block) {
    end = finding->block->retired;
  } else if (arena) {
    end = arena->open ? last_end(finding, arena) : arena->closed;
  }
  return harena__first_user_frame(end, finding->in_signal_handler, out);
}

static void write_summary(const struct report *report, const harena__symbol *place) {
  harena__line line = {0};
  harena__add(&line, "SUMMARY: harena: ");
  harena__add(&line, harena__class_name(report->finding->class));
  if (place) {
    harena__add(&line, " ");
    harena__add_place(&line, place);
  }
  if (place && *place->function != '\0') {
    harena__add(&line, " in ");
    harena__add_name(&line, place->function);
  }
  emit_line(report, &line);
}

/* A function, or a place in a file of the program: the same in every run. */
static void add_field(harena__line *line, const harena__symbol *place) {
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

static void add_holder(harena__line *line, const harena__holder_record *holder) {
  harena__add(line, harena__holder_kind_name(holder->kind));
  harena__add(line, ":");
  harena__add_name(line, *holder->symbol ? holder->symbol : "-");
}

static void write_signature(const struct report *report, const harena__symbol *place) {
  harena__symbol end;
  harena__line line = {0};
  harena__add(&line, "HARENA-SIGNATURE\t");
  harena__add(&line, harena__class_name(report->finding->class));
  add_field(&line, place);
  add_field(&line, end_frame(report, &end) ? &end : NULL);
  harena__add(&line, "\t");
  if (report->finding->holder) {
    add_holder(&line, report->finding->holder);
  } else {
    harena__add_name(&line, arena_name(report) ? arena_name(report) : "-");
  }
  emit_line(report, &line);
}

void harena__write_text(const harena__finding *finding, bool appended, emit_fn *emit) {
  struct report report = {.finding = finding, .arena = finding->arena, .emit = emit};
  report.home = finding->block ? harena__ledger_watch_of(finding->block) : NULL;
  harena__symbol symbol;
  write_first_line(&report, appended);
  write_place(&report);
  write_titled(&report, "  found here:", finding->found);
  write_other(&report);
  write_picture(&report);
  write_lives(&report);
  const harena__symbol *place = main_frame(&report, &symbol) ? &symbol : NULL;
  write_summary(&report, place);
  write_signature(&report, place);
}
