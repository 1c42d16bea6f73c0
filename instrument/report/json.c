#include "json.h"

#include <harena/arena.h>
#include <unistd.h>

#include "wording.h"

/* ---- Frames --------------------------------------------------------------------------------- */

static void write_known(harena__json *out, const char *name, const char *text) {
  if (*text != '\0') {
    harena__json_text(out, name, text);
  }
}

static void write_symbol(harena__json *out, const char *name, const harena__symbol *symbol) {
  harena__json_open(out, name, '{');
  write_known(out, "function", symbol->function);
  write_known(out, "file", symbol->file);
  if (symbol->line > 0) {
    harena__json_number(out, "line", symbol->line);
  }
  write_known(out, "module", symbol->module);
  harena__json_address(out, "offset", symbol->offset);
  harena__json_close(out, '}');
}

/* Enough for what follows the frames: titles of other sites, and brackets. */
enum { ROOM_AFTER_FRAMES = 16 * 1024 };

struct frame_writer {
  harena__json *out;
  void (*write)(harena__json *out, const harena__symbol *symbol);
  bool is_cut;
};

static void write_frame(const harena__symbol *symbol, size_t number, void *context) {
  (void)number;
  struct frame_writer *writer = context;
  harena__json before = *writer->out;
  writer->write(writer->out, symbol);
  if (writer->is_cut || harena__json_room(writer->out) < ROOM_AFTER_FRAMES) {
    harena__json_go_back(writer->out, before);
    writer->is_cut = true;
  }
}

bool harena__write_frames(harena__json *out, harena__trace trace, bool in_signal_handler,
                          void (*write)(harena__json *out, const harena__symbol *symbol)) {
  struct frame_writer writer = {.out = out, .write = write};
  harena__each_frame(trace, in_signal_handler, write_frame, &writer);
  return writer.is_cut;
}

static void write_element(harena__json *out, const harena__symbol *symbol) {
  write_symbol(out, NULL, symbol);
}

static void write_site(harena__json *out, const harena__report *report, const harena__site *site) {
  harena__json_open(out, NULL, '{');
  harena__json_text(out, "subject", harena__subject_name(site->subject));
  harena__json_text(out, "event", site->event);
  if (site->arena) {
    harena__json_text(out, "arena", site->arena->name);
  }
  if (site->number > 0) {
    harena__json_number(out, "number", site->number);
  }
  harena__json_open(out, "frames", '[');
  bool is_cut =
      harena__write_frames(out, site->trace, report->finding->in_signal_handler, write_element);
  harena__json_close(out, ']');
  if (is_cut) {
    harena__json_flag(out, "cut", true);
  }
  harena__json_close(out, '}');
}

static void write_sites(harena__json *out, const harena__report *report) {
  harena__json_open(out, "sites", '[');
  for (size_t i = 0; i < report->site_count; i++) {
    write_site(out, report, &report->sites[i]);
  }
  harena__json_close(out, ']');
}

/* ---- What it is about ----------------------------------------------------------------------- */

static void write_access(harena__json *out, const harena__finding *finding) {
  if (finding->access_size == 0 && !finding->is_write) {
    return;
  }
  harena__json_open(out, "access", '{');
  harena__json_text(out, "kind", finding->is_write ? "write" : "read");
  if (finding->access_size > 0) {
    harena__json_number(out, "size", finding->access_size);
  }
  harena__json_close(out, '}');
}

static const char *state_name(const harena__entry *block) {
  static const char *const names[] = {
      [HARENA_UNKNOWN] = "unknown", [HARENA_LIVE] = "live",       [HARENA_FREED] = "freed",
      [HARENA_CLEARED] = "cleared", [HARENA_REWOUND] = "rewound", [HARENA_CLOSED] = "closed"};
  return names[block->state];
}

static void write_block(harena__json *out, const harena__report *report) {
  const harena__entry *block = report->finding->block;
  if (!block) {
    return;
  }
  uintptr_t start = (uintptr_t)harena__unhide(block->hidden_block);
  uintptr_t address = (uintptr_t)report->finding->address;
  harena__json_open(out, "block", '{');
  harena__json_address(out, "address", start);
  harena__json_number(out, "size", block->size);
  harena__json_number(out, "alignment", (uint64_t)1 << block->align_shift);
  harena__json_text(out, "state", state_name(block));
  harena__json_text(out, "arena", report->arena_name);
  harena__json_number(out, "generation", block->generation);
  if (address != 0) {
    harena__json_signed(out, "offset", (int64_t)(address - start));
  }
  harena__json_close(out, '}');
}

static void write_watch(harena__json *out, const harena__watch *arena) {
  harena__json_text(out, "name", arena->name);
  harena__json_number(out, "generation", arena->generation);
  harena__json_flag(out, "open", arena->open);
}

static void write_arena(harena__json *out, const harena__report *report) {
  const harena__finding *finding = report->finding;
  if (!report->arena && !finding->arena_name) {
    return;
  }
  harena__json_open(out, "arena", '{');
  if (report->arena) {
    write_watch(out, report->arena);
  } else {
    harena__json_text(out, "name", finding->arena_name);
  }
  if (finding->reserved > 0) {
    harena__json_number(out, "used", finding->used);
    harena__json_number(out, "reserved", finding->reserved);
  }
  harena__json_close(out, '}');
}

static void write_holder(harena__json *out, const harena__holder_record *holder) {
  if (!holder) {
    return;
  }
  harena__json_open(out, "holder", '{');
  harena__json_text(out, "kind", harena__holder_kind_name(holder->kind));
  harena__json_text(out, "name", holder->name);
  write_known(out, "symbol", holder->symbol);
  write_known(out, "file", holder->file);
  if (holder->line > 0) {
    harena__json_number(out, "line", holder->line);
  }
  if (holder->slot) {
    harena__json_address(out, "slot", (uintptr_t)holder->slot);
  }
  harena__json_close(out, '}');
}

static void write_picture(harena__json *out, const harena__finding *finding) {
  harena__picture picture = harena__take_picture(finding);
  if (picture.count == 0) {
    return;
  }
  harena__line digits = {0};
  for (size_t i = 0; i < picture.count; i++) {
    harena__add_byte(&digits, (unsigned char)picture.start[i]);
  }
  harena__json_open(out, "overwritten", '{');
  harena__json_address(out, "address", (uintptr_t)picture.start);
  harena__json_text(out, "bytes", digits.text);
  harena__json_number(out, "first_bad", picture.bad);
  harena__json_close(out, '}');
}

static void write_facts(harena__json *out, const harena__report *report) {
  const harena__finding *finding = report->finding;
  if (finding->address) {
    harena__json_address(out, "address", (uintptr_t)finding->address);
  }
  write_access(out, finding);
  write_block(out, report);
  write_arena(out, report);
  write_holder(out, finding->holder);
  write_picture(out, finding);
}

/* ---- The whole ------------------------------------------------------------------------------ */

static void write_head(harena__json *out, const harena__report *report) {
  const harena__class_description *class = harena__describe_class(report->finding->class);
  harena__line signature = {0};
  harena__add_signature(&signature, report);
  harena__json_text(out, "tool", "harena");
  harena__json_text(out, "version", harena_version());
  harena__json_text(out, "type", "finding");
  harena__json_number(out, "pid", (uint64_t)getpid());
  harena__json_text(out, "class", class->name);
  harena__json_text(out, "family", class->family);
  harena__json_text(out, "message", report->finding->what);
  harena__json_text(out, "signature", signature.text);
}

void harena__write_json(const harena__report *report, harena__json *out) {
  harena__json_open(out, NULL, '{');
  write_head(out, report);
  write_facts(out, report);
  if (report->has_place) {
    write_symbol(out, "place", &report->place);
  }
  write_sites(out, report);
  harena__json_close(out, '}');
  harena__json_verbatim(out, "\n");
}
