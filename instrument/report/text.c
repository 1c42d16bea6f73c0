#include "text.h"

#include <unistd.h>

#include "wording.h"

typedef void emit_fn(const char *line);

static void emit_line(emit_fn *emit, harena__line *line) {
  emit(line->text);
  *line = (harena__line){0};
}

/* ---- Where the address is ------------------------------------------------------------------- */

static void write_address(const harena__report *report, emit_fn *emit) {
  const harena__finding *finding = report->finding;
  const void *address = finding->address;
  if (!address && finding->block) {
    address = harena__unhide(finding->block->hidden_block);
  }
  harena__line line = {0};
  if (address) {
    harena__add_hex(&line, (uintptr_t)address);
    harena__add(&line, " is ");
  }
  harena__add_location(&line, report);
  emit_line(emit, &line);
}

static void write_holder(const harena__report *report, emit_fn *emit) {
  harena__line line = {0};
  harena__add_holder(&line, report);
  emit_line(emit, &line);
}

static void write_place(const harena__report *report, emit_fn *emit) {
  if (report->finding->holder) {
    write_holder(report, emit);
  } else if (report->arena_name) {
    write_address(report, emit);
  }
}

static void write_picture(const harena__report *report, emit_fn *emit) {
  harena__picture picture = harena__take_picture(report->finding);
  if (picture.count == 0) {
    return;
  }
  emit("  overwritten there:");
  harena__line line = {0};
  harena__add(&line, "    ");
  harena__add_hex(&line, (uintptr_t)picture.start);
  harena__add(&line, ":");
  size_t caret = line.length + 3 * picture.bad + 1;
  for (size_t i = 0; i < picture.count; i++) {
    harena__add(&line, " ");
    harena__add_byte(&line, (unsigned char)picture.start[i]);
  }
  emit_line(emit, &line);
  harena__add_column(&line, caret);
  harena__add(&line, "^^");
  emit_line(emit, &line);
}

/* ---- Sites ---------------------------------------------------------------------------------- */

struct frame_writer {
  emit_fn *emit;
};

static void write_frame(const harena__symbol *symbol, size_t number, void *context) {
  const struct frame_writer *writer = context;
  harena__line line = {0};
  harena__add(&line, "    #");
  harena__add_number(&line, number);
  harena__add(&line, " ");
  harena__add_frame(&line, symbol);
  emit_line(writer->emit, &line);
}

static void write_site(const harena__report *report, const harena__site *site, emit_fn *emit) {
  harena__line line = {0};
  harena__add(&line, "  ");
  harena__add_title(&line, report, site);
  harena__add(&line, ":");
  emit_line(emit, &line);
  struct frame_writer writer = {emit};
  harena__each_frame(site->trace, report->finding->in_signal_handler, write_frame, &writer);
}

static bool is_call(const harena__site *site) {
  return site->subject == HARENA__CALL || site->subject == HARENA__OTHER;
}

/* What was overwritten follows where that was found. */
static void write_sites(const harena__report *report, emit_fn *emit) {
  size_t next = 0;
  while (next < report->site_count && is_call(&report->sites[next])) {
    write_site(report, &report->sites[next++], emit);
  }
  write_picture(report, emit);
  while (next < report->site_count) {
    write_site(report, &report->sites[next++], emit);
  }
}

/* "  events: allocated 12, cleared 40" */
static void write_events(const harena__report *report, emit_fn *emit) {
  harena__line line = {0};
  for (size_t i = 0; i < report->site_count; i++) {
    const harena__site *site = &report->sites[i];
    if (site->number > 0) {
      harena__add(&line, line.length == 0 ? "  events: " : ", ");
      harena__add(&line, site->event);
      harena__add(&line, " ");
      harena__add_number(&line, site->number);
    }
  }
  if (line.length > 0) {
    emit_line(emit, &line);
  }
}

/* ---- The first and the last lines ----------------------------------------------------------- */

static void write_first_line(const harena__report *report, bool appended, emit_fn *emit) {
  harena__line line = {0};
  if (!appended) {
    emit("=================================================================");
    harena__add(&line, "==");
    harena__add_number(&line, (uint64_t)getpid());
    harena__add(&line, "==ERROR: ");
  }
  harena__add(&line, "harena: ");
  harena__add(&line, harena__describe_class(report->finding->class)->name);
  harena__add(&line, ": ");
  harena__add_name(&line, report->finding->what);
  emit_line(emit, &line);
}

static void write_summary(const harena__report *report, emit_fn *emit) {
  harena__line line = {0};
  harena__add(&line, "SUMMARY: harena: ");
  harena__add(&line, harena__describe_class(report->finding->class)->name);
  if (report->has_place) {
    harena__add(&line, " ");
    harena__add_place(&line, &report->place);
  }
  if (report->has_place && *report->place.function != '\0') {
    harena__add(&line, " in ");
    harena__add_name(&line, report->place.function);
  }
  emit_line(emit, &line);
}

static void write_signature(const harena__report *report, emit_fn *emit) {
  harena__line line = {0};
  harena__add(&line, HARENA__SIGNATURE_MARK);
  harena__add_signature(&line, report);
  emit_line(emit, &line);
}

void harena__write_text(const harena__report *report, bool appended, emit_fn *emit) {
  write_first_line(report, appended, emit);
  write_place(report, emit);
  write_sites(report, emit);
  write_events(report, emit);
  write_summary(report, emit);
  write_signature(report, emit);
}
