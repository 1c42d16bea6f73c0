#include "statistics.h"

#include "cage.h"
#include "escape/escape.h"
#include "guard_pages.h"
#include "ledger.h"
#include "line.h"
#include "options.h"
#include "stacks.h"

static void list(const char *name, uint64_t number) {
  harena__line line = {0};
  harena__add(&line, "harena: statistics: ");
  harena__add(&line, name);
  harena__add(&line, " ");
  harena__add_number(&line, number);
  harena__write_line_to_stderr(line.text);
}

static void list_ledger(void) {
  harena__ledger_statistics ledger = harena__ledger_measure();
  list("arenas_opened", ledger.opened);
  list("arenas_open", ledger.open);
  list("arenas_lost", ledger.lost_arenas);
  list("blocks_recorded", ledger.blocks);
  list("blocks_lost", ledger.lost_blocks);
  list("ledger_bytes", ledger.bytes);
  list("stacks_kept", harena__stacks_kept());
  list("stacks_lost", harena__stacks_lost());
}

static void list_cage(void) {
  harena__cage_statistics cage = harena__cage_measure();
  list("cage_bytes", cage.reserved);
  list("chunk_bytes", cage.live_bytes);
  list("slabs_live", cage.slabs_live);
  list("slabs_retired", cage.slabs_retired);
  list("slabs_reused", cage.slabs_reused);
  list("mappings_apart", cage.apart);
  list("quarantine_bytes", cage.retired_bytes);
  list("evicted_after_sweep", cage.evicted_swept);
  list("evicted_by_quota", cage.evicted_forced);
  list("kept_for_a_pointer", cage.kept_waiting);
}

static void list_sweeps(void) {
  harena__escape_statistics escape = harena__escape_measure();
  list("sweeps", escape.sweeps);
  list("sweep_bytes", escape.bytes);
  list("sweep_microseconds", escape.nanoseconds / 1000);
  list("sweep_left_out", escape.left_out);
  list("holders_reported", escape.reported);
  list("holders_weak", escape.weak);
  list("holders_allowed", escape.allowed);
}

static void list_pages(void) {
  harena__guard_statistics guards = harena__guards_measure();
  list("guards", guards.guards);
  list("guards_left_out", guards.left_out);
  list("protections_refused", guards.refused + harena__cage_measure().unprotected);
}

void harena__list_statistics(void) {
  if (harena__option()->statistics) {
    list_ledger();
    list_cage();
    list_sweeps();
    list_pages();
  }
}
