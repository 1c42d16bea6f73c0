#include "wording.h"

#include <string.h>

/* ---- Blocks --------------------------------------------------------------------------------- */

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

static uintptr_t address_of(const harena__finding *finding) {
  uintptr_t block = (uintptr_t)harena__unhide(finding->block->hidden_block);
  return finding->address ? (uintptr_t)finding->address : block;
}

static void add_position(harena__line *line, const harena__report *report) {
  const harena__entry *entry = report->finding->block;
  uintptr_t block = (uintptr_t)harena__unhide(entry->hidden_block);
  uintptr_t address = address_of(report->finding);
  if (address < block) {
    add_bytes(line, block - address);
    harena__add(line, " before ");
  } else if (address == block || address - block < entry->size) {
    add_bytes(line, address - block);
    harena__add(line, " inside ");
  } else {
    add_bytes(line, address - block - entry->size);
    harena__add(line, " after ");
  }
  add_size(line, entry->size);
}

/* An access may begin inside and end outside, and then its address alone looks right. */
static void add_excess(harena__line *line, const harena__finding *finding) {
  const harena__entry *block = finding->block;
  uintptr_t offset = address_of(finding) - (uintptr_t)harena__unhide(block->hidden_block);
  bool begins_inside = offset < block->size;
  if (block->state == HARENA_LIVE && begins_inside && finding->access_size > block->size - offset) {
    harena__add(line, "; the access of ");
    add_bytes(line, finding->access_size);
    harena__add(line, " goes past its end");
  }
}

static void add_block(harena__line *line, const harena__report *report) {
  add_position(line, report);
  harena__add(line, " of ");
  add_arena(line, report->arena_name);
  add_generation(line, report->finding->block->generation);
  add_excess(line, report->finding);
}

/* ---- Arenas --------------------------------------------------------------------------------- */

static void add_place_in_arena(harena__line *line, const harena__report *report) {
  uintptr_t address = (uintptr_t)report->finding->address;
  uintptr_t record = report->arena ? (uintptr_t)harena__unhide(report->arena->hidden_handle) : 0;
  if (record != 0 && address == record) {
    harena__add(line, "the handle of ");
  } else if (record != 0 && address > record && address - record < HARENA_OVERHEAD) {
    add_bytes(line, address - record);
    harena__add(line, " inside the record of ");
  } else {
    harena__add(line, "in no block of ");
  }
}

static void add_leaked_bytes(harena__line *line, const harena__finding *finding) {
  harena__add(line, ", which holds ");
  add_bytes(line, finding->used);
  harena__add(line, ", ");
  harena__add_number(line, finding->reserved);
  harena__add(line, " reserved");
}

static void add_arena_alone(harena__line *line, const harena__report *report) {
  if (report->finding->address) {
    add_place_in_arena(line, report);
  }
  add_arena(line, report->arena_name);
  if (report->arena) {
    add_generation(line, report->arena->generation);
  }
  if (report->finding->reserved > 0) {
    add_leaked_bytes(line, report->finding);
  }
}

void harena__add_location(harena__line *line, const harena__report *report) {
  if (report->finding->block) {
    add_block(line, report);
  } else if (report->arena_name) {
    add_arena_alone(line, report);
  }
}

/* ---- Holders -------------------------------------------------------------------------------- */

void harena__add_holder(harena__line *line, const harena__report *report) {
  harena__add_name(line, report->finding->holder->name);
  harena__add(line, " holds ");
  harena__add_hex(line, (uintptr_t)report->finding->address);
  if (report->finding->block) {
    harena__add(line, ", ");
    add_position(line, report);
  }
}

/* ---- Sites ---------------------------------------------------------------------------------- */

/* With a holder, no line before has said which arena the block is of. */
static void add_block_title(harena__line *line, const harena__report *report,
                            const harena__site *site) {
  bool is_first = site == report->sites || site[-1].subject != HARENA__BLOCK;
  harena__add(line, "block ");
  if (report->finding->holder && is_first) {
    harena__add(line, "of ");
    add_arena(line, report->arena_name);
    harena__add(line, " generation ");
    harena__add_number(line, report->finding->block->generation);
    harena__add(line, ", ");
  }
  harena__add(line, site->event);
}

/* " (opened server.c:88)" */
static void add_opened(harena__line *line, const harena__report *report, const harena__site *site) {
  harena__symbol symbol;
  bool in_signal_handler = report->finding->in_signal_handler;
  bool is_opening = strcmp(site->event, "opened") == 0;
  if (site->arena && !is_opening &&
      harena__first_user_frame(site->arena->opened, in_signal_handler, &symbol)) {
    harena__add(line, " (opened ");
    harena__add_place(line, &symbol);
    harena__add(line, ")");
  }
}

static void add_arena_title(harena__line *line, const harena__report *report,
                            const harena__site *site) {
  add_arena(line, site->arena ? site->arena->name : report->arena_name);
  add_opened(line, report, site);
  harena__add(line, " was ");
  harena__add(line, site->event);
}

void harena__add_title(harena__line *line, const harena__report *report, const harena__site *site) {
  switch (site->subject) {
    case HARENA__BLOCK:
      add_block_title(line, report, site);
      break;
    case HARENA__ARENA:
      add_arena_title(line, report, site);
      break;
    case HARENA__HOLDER:
      harena__add(line, "holder ");
      harena__add(line, site->event);
      break;
    case HARENA__OTHER:
      harena__add(line, site->event);
      return;
    default:
      harena__add(line, site->event);
      break;
  }
  harena__add(line, " here");
}

/* ---- Overwritten bytes ---------------------------------------------------------------------- */

enum { PICTURE_BYTES = 16, BYTES_BEFORE = 4 };

static size_t bad_byte(const harena__finding *finding) {
  uintptr_t offset = (uintptr_t)finding->address - (uintptr_t)finding->bytes;
  return offset < finding->byte_count ? offset : 0;
}

static size_t first_shown(size_t count, size_t bad) {
  if (count <= PICTURE_BYTES || bad <= BYTES_BEFORE) {
    return 0;
  }
  size_t last = count - PICTURE_BYTES;
  return bad - BYTES_BEFORE < last ? bad - BYTES_BEFORE : last;
}

harena__picture harena__take_picture(const harena__finding *finding) {
  size_t count = finding->bytes ? finding->byte_count : 0;
  if (count == 0) {
    return (harena__picture){0};
  }
  size_t bad = bad_byte(finding);
  size_t first = first_shown(count, bad);
  size_t left = count - first;
  return (harena__picture){.start = finding->bytes + first,
                           .count = left < PICTURE_BYTES ? left : PICTURE_BYTES,
                           .bad = bad - first};
}
