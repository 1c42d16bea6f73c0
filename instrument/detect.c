#include "detect.h"

#include "cage.h"
#include "handles.h"
#include "report/policy.h"
#include "shadow/shadow.h"

/* ---- Handles ---- */

void harena__report_dead_handle(const harena *handle, const harena__watch *watch, bool closing) {
  harena__finding finding = {.address = handle, .arena = watch, .found = harena__capture()};
  if (!watch) {
    finding.class = HARENA__NOT_AN_ARENA;
    finding.what = "a call on something that is not an arena";
  } else if (closing) {
    finding.class = HARENA__DOUBLE_CLOSE;
    finding.what = "an arena was closed twice";
  } else {
    finding.class = HARENA__USE_AFTER_CLOSE;
    finding.what = "a call on a closed arena";
  }
  harena__find(&finding);
}

/* ---- Blocks ---- */

static harena__class class_of_state(const harena__entry *entry) {
  switch (entry->state) {
    case HARENA_FREED:
      return HARENA__USE_AFTER_FREE;
    case HARENA_REWOUND:
      return HARENA__USE_AFTER_REWIND;
    case HARENA_CLOSED:
      return HARENA__USE_AFTER_CLOSE;
    default:
      return HARENA__USE_AFTER_CLEAR;
  }
}

static void report_block(harena__class class, const char *what, const void *block,
                         const harena__entry *entry, const harena__watch *watch) {
  harena__finding finding = {.class = class,
                             .what = what,
                             .address = block,
                             .block = entry,
                             .arena = watch,
                             .found = harena__capture()};
  harena__find(&finding);
}

harena__entry *harena__check_block(const harena__watch *watch, const void *block, size_t size) {
  harena__entry *entry = harena__ledger_at(block);
  if (!entry) {
    report_block(HARENA__BAD_FREE, "no block begins at the address that was given back", block,
                 harena__ledger_find(block), watch);
  } else if (entry->arena != watch->id) {
    report_block(HARENA__BAD_FREE, "a block was given back to another arena", block, entry, watch);
  } else if (entry->state == HARENA_FREED) {
    report_block(HARENA__DOUBLE_FREE, "a block was given back twice", block, entry, watch);
  } else if (entry->state != HARENA_LIVE) {
    report_block(class_of_state(entry), "a block was given back after its end", block, entry,
                 watch);
  } else if (entry->size != size) {
    report_block(HARENA__WRONG_SIZE, "a block was given back with a size that is not its own",
                 block, entry, watch);
  } else {
    return entry;
  }
  return NULL;
}

/* ---- Lifetimes ---- */

void harena__report_inversion(const harena__arena *arena, const void *target) {
  harena__finding finding = {.class = HARENA__LIFETIME_INVERSION,
                             .what = "an arena was given a pointer into a child to keep",
                             .address = target,
                             .block = harena__ledger_find(target),
                             .arena = harena__watch_of(arena),
                             .found = harena__capture()};
  harena__find(&finding);
}

/* ---- Neighbours ---- */

static void take_first(harena__entry *entry, void *context) {
  harena__entry **first = context;
  if (!*first) {
    *first = entry;
  }
}

/* The block that begins next behind `address`, if its redzone reaches there. */
static const harena__entry *next_block(const char *address) {
  harena__entry *next = NULL;
  harena__ledger_each_block(address + 1, address + 1 + HARENA__FRONT_REDZONE, take_first, &next);
  return next && next->state == HARENA_LIVE ? next : NULL;
}

/* Whether `address` belongs to the redzone before `next` rather than to the one behind `entry`. */
static bool is_nearer(const char *address, const harena__entry *entry, const harena__entry *next) {
  const char *end = harena__unhide(entry->hidden_block) + entry->size;
  return address >= end && harena__unhide(next->hidden_block) - address < address - end + 1;
}

/* ---- Canaries ---- */

/* `size` bytes from `place` on are shown, 16 at most. */
static void report_overwritten(harena__class class, const char *what, const char *place,
                               size_t size, const harena__entry *entry) {
  harena__finding finding = {.class = class,
                             .what = what,
                             .address = place,
                             .is_write = true,
                             .block = entry,
                             .arena = harena__ledger_watch_of(entry),
                             .found = harena__capture(),
                             .bytes = place,
                             .byte_count = harena__min(size, 16)};
  harena__find(&finding);
}

/* Two blocks share the bytes between them: what is nearer to the next one is its underrun, which
 * it reports itself. */
static bool is_before_neighbour(const char *bad, const harena__entry *entry) {
  const harena__entry *next = next_block(bad);
  return next && next->arena == entry->arena && is_nearer(bad, entry, next);
}

static bool is_inside(const harena__entry *entry, const void *address) {
  return harena__within(harena__unhide(entry->hidden_block), entry->size, address);
}

static void report_overrun(const char *bad, const char *end, const harena__entry *entry) {
  report_overwritten(HARENA__OVERRUN,
                     is_inside(entry, bad) ? "bytes behind the length of a slice were overwritten"
                                           : "bytes behind a block were overwritten",
                     bad, harena__distance(bad, end), entry);
}

void harena__verify_closed(const harena__entry *entry, size_t open) {
  const char *block = harena__unhide(entry->hidden_block);
  const char *bad = harena__tool()->needs_canaries
                        ? harena__check_redzone(block + entry->open, open - entry->open)
                        : NULL;
  if (bad) {
    report_overrun(bad, block + open, entry);
  }
}

size_t harena__report_redzones(const harena__watch *watch, const harena__entry *entry) {
  const char *block = harena__unhide(entry->hidden_block);
  const char *end = block + entry->open;
  size_t behind = harena__closed_behind(watch, entry);
  size_t findings = 0;
  const char *bad = harena__check_redzone(end, behind);
  if (bad && !is_before_neighbour(bad, entry)) {
    report_overrun(bad, end + behind, entry);
    findings++;
  }
  size_t before = harena__front_redzone(watch, block);
  bad = harena__check_redzone(block - before, before);
  if (bad) {
    report_overwritten(HARENA__UNDERRUN, "bytes before a block were overwritten", bad,
                       harena__distance(bad, block), entry);
    findings++;
  }
  return findings;
}

static size_t verify_dead(const harena__watch *watch, const harena__entry *entry) {
  if (watch->fenced || entry->reusable || entry->swept == HARENA__SWEPT_AND_GONE) {
    return 0;
  }
  const char *block = harena__unhide(entry->hidden_block);
  const char *bad = harena__check_dead(block, entry->size, entry->generation);
  if (!bad) {
    return 0;
  }
  report_overwritten(class_of_state(entry), "a block was written to after its end", bad,
                     harena__distance(bad, block + entry->size), entry);
  return 1;
}

size_t harena__verify(const harena__entry *entry) {
  const harena__watch *watch = harena__ledger_watch_of(entry);
  if (!watch || !harena__tool()->needs_canaries) {
    return 0;
  }
  return entry->state == HARENA_LIVE ? harena__verify_live(watch, entry)
                                     : verify_dead(watch, entry);
}

/* Where the next block begins, or the next word when `bad` is no block's. */
static const char *behind(const char *bad, const harena__entry *entry) {
  const char *word = bad - (uintptr_t)bad % HARENA__GRANULE + HARENA__GRANULE;
  const harena__watch *watch = entry ? harena__ledger_watch_of(entry) : NULL;
  if (!watch) {
    return word;
  }
  const char *next = harena__unhide(entry->hidden_block) + harena__block_span(watch, entry->size);
  return next > word ? next : word;
}

void harena__verify_dead(const char *from, const char *to, uint64_t generation) {
  const char *bad;
  while (from < to && (bad = harena__check_dead(from, harena__distance(from, to), generation))) {
    const harena__entry *entry = harena__ledger_find(bad);
    report_overwritten(entry ? class_of_state(entry) : HARENA__USE_AFTER_CLEAR,
                       "a block was written to after its end", bad, harena__distance(bad, to),
                       entry);
    from = behind(bad, entry);
  }
}

/* ---- Accesses that a tool saw ---- */

static void classify_live(harena__finding *finding) {
  const char *block = harena__unhide(finding->block->hidden_block);
  if ((const char *)finding->address < block) {
    finding->class = HARENA__UNDERRUN;
    finding->what = "an access before the start of a block";
  } else {
    finding->class = HARENA__OVERRUN;
    finding->what = is_inside(finding->block, finding->address)
                        ? "an access behind the length of a slice"
                        : "an access behind the end of a block";
  }
}

static const char *what_of_state(const harena__finding *finding) {
  static const char *const texts[][2] = {
      [HARENA_FREED] = {"a freed block was read", "a freed block was written to"},
      [HARENA_CLEARED] = {"a block of a cleared arena was read",
                          "a block of a cleared arena was written to"},
      [HARENA_REWOUND] = {"a block behind a rewound mark was read",
                          "a block behind a rewound mark was written to"},
      [HARENA_CLOSED] = {"a block of a closed arena was read",
                         "a block of a closed arena was written to"},
  };
  return texts[finding->block->state][finding->is_write];
}

static void classify_block(harena__finding *finding) {
  finding->arena = harena__ledger_watch_of(finding->block);
  if (finding->block->state == HARENA_LIVE) {
    classify_live(finding);
  } else {
    finding->class = class_of_state(finding->block);
    finding->what = what_of_state(finding);
  }
}

static bool explain_block(harena__finding *finding) {
  const harena__entry *entry = harena__ledger_find(finding->address);
  const harena__entry *next = next_block(finding->address);
  if (!entry) {
    return false;
  }
  finding->block = next && is_nearer(finding->address, entry, next) ? next : entry;
  classify_block(finding);
  return true;
}

/* The record of an arena that is closed: an inline call on its handle. */
typedef struct handle_search {
  const char *address;
  const harena__watch *found;
} handle_search;

static void look_for_handle(harena__watch *watch, void *context) {
  handle_search *search = context;
  const char *record = harena__unhide(watch->hidden_handle);
  if (!watch->open && harena__within(record, HARENA_OVERHEAD, search->address)) {
    search->found = watch;
  }
}

static bool explain_handle(harena__finding *finding) {
  handle_search search = {.address = finding->address};
  harena__ledger_each_arena(look_for_handle, &search);
  if (!search.found) {
    return false;
  }
  finding->class = HARENA__USE_AFTER_CLOSE;
  finding->what = "a closed arena's handle was used";
  finding->arena = search.found;
  return true;
}

static bool explain_tomb(harena__finding *finding) {
  if (!harena__tomb_holds(finding->address)) {
    return false;
  }
  finding->class = HARENA__USE_AFTER_CLEAR;
  finding->what = "a pointer that was read from dead arena memory was followed";
  return true;
}

bool harena__explain_access(const void *address, size_t size, bool is_write,
                            void (*emit)(const char *line), bool in_signal_handler) {
  harena__finding finding = {.address = address,
                             .access_size = size,
                             .is_write = is_write,
                             .in_signal_handler = in_signal_handler};
  if (!explain_tomb(&finding) && !explain_handle(&finding) && !explain_block(&finding)) {
    return false;
  }
  if (emit) {
    harena__find_appended(&finding, emit);
  } else {
    harena__find_and_survive(&finding);
  }
  return true;
}
