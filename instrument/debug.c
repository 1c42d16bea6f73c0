/* harena/debug.h where somebody watches: questions that a program may ask of the ledger. */
#include <harena/debug.h>

#include <pthread.h>
#include <stdio.h>

#include "chunk.h"
#include "detect.h"
#include "escape/escape.h"
#include "escape/registered.h"
#include "escape/roots.h"
#include "handles.h"
#include "hooks.h"
#include "leaks.h"
#include "lifetimes.h"
#include "owner.h"
#include "pages.h"
#include "pointer_maps.h"
#include "report/frames.h"
#include "report/line.h"
#include "report/options.h"
#include "report/policy.h"
#include "shadow/shadow.h"

bool harena_instrumented(void) { return true; }

/* ---- Checking ---- */

static void count_findings(harena__entry *entry, void *context) {
  size_t *findings = context;
  *findings += harena__verify(entry);
}

static size_t check_chunks(const harena__chunk *chunk) {
  size_t findings = 0;
  for (; chunk; chunk = chunk->older) {
    harena__ledger_each_block(chunk->memory, chunk->memory + chunk->size, count_findings,
                              &findings);
  }
  return findings;
}

size_t harena_check(harena *handle) {
  if (!harena__entered(handle)) {
    return 0;
  }
  const harena__arena *arena = harena__record(handle);
  return check_chunks(arena->top) + check_chunks(arena->spare);
}

/* ---- Leaks ---- */

size_t harena_find_leaks(void) {
  harena__entered(NULL);
  size_t before = harena_findings();
  size_t leaks = harena__report_leaks((const char *)harena__call.frame + 2 * sizeof(void *));
  if (harena_findings() > before && harena__option()->halt_on_error) {
    harena__end_for_findings();
  }
  return leaks;
}

/* ---- Handing over ---- */

void harena_hand_over(harena *handle) {
  if (!harena__entered(handle)) {
    return;
  }
  harena__watch *watch = harena__watch_of(harena__record(handle));
  if (watch) {
    harena__give_up(watch);
  }
}

/* ---- Describing ---- */

/* "function file:line" of stacks that somebody asked for, kept for good since the caller may
 * keep them. */
enum { SITES = 4096, SITE_LENGTH = 248 };

typedef struct site {
  harena__stack stack;
  char text[SITE_LENGTH];
} site;

static pthread_mutex_t sites_lock = PTHREAD_MUTEX_INITIALIZER;
static site *sites;

static void take_sites(void) { pthread_mutex_lock(&sites_lock); }
static void drop_sites(void) { pthread_mutex_unlock(&sites_lock); }

__attribute__((constructor)) static void guard_fork(void) {
  pthread_atfork(take_sites, drop_sites, drop_sites);
}

static void fill_site(site *place, harena__stack stack) {
  harena__symbol symbol;
  if (harena__first_user_frame(stack, false, &symbol) && symbol.function[0] != '\0') {
    snprintf(place->text, sizeof place->text, "%.100s %.120s:%u", symbol.function, symbol.file,
             symbol.line);
  }
  place->stack = stack;
}

/* The place of a stack: where it is, or the first free one; NULL when all are taken. */
static site *find_site(harena__stack stack) {
  if (!sites) {
    sites = harena__map_pages(SITES * sizeof(site));
  }
  for (size_t i = 0; sites && i < SITES; i++) {
    site *place = &sites[(stack + i) % SITES];
    if (place->stack == stack || place->stack == 0) {
      return place;
    }
  }
  return NULL;
}

static const char *site_of(harena__stack stack) {
  if (stack == 0) {
    return NULL;
  }
  take_sites();
  site *place = find_site(stack);
  if (place && place->stack == 0) {
    fill_site(place, stack);
  }
  drop_sites();
  return place && place->text[0] != '\0' ? place->text : NULL;
}

bool harena_describe(const void *address, harena_description *out) {
  const harena__entry *entry = harena__ledger_find(address);
  const harena__watch *watch = entry ? harena__ledger_watch_of(entry) : NULL;
  if (!watch) {
    return false;
  }
  const char *block = harena__unhide(entry->hidden_block);
  *out = (harena_description){
      .arena = watch->name,
      .generation = entry->generation,
      .block = block,
      .size = entry->size,
      .offset = (size_t)((uintptr_t)address - (uintptr_t)block),
      .allocated_at = site_of(entry->allocated),
      .retired_at = site_of(entry->retired),
  };
  out->state = entry->state;
  return true;
}

/* ---- Who points to what ---- */

static void widen(harena__range *range, const harena__chunk *chunk) {
  for (; chunk; chunk = chunk->older) {
    uintptr_t start = (uintptr_t)chunk->memory;
    range->start = start < range->start ? start : range->start;
    range->end = start + chunk->size > range->end ? start + chunk->size : range->end;
  }
}

size_t harena_find_holders(const harena *handle, harena_holder_fn *each, void *context) {
  if (!handle || !harena__entered(handle)) {
    return 0;
  }
  const harena__arena *arena = harena__record(handle);
  const harena__watch *watch = harena__watch_of(arena);
  harena__range memory = {UINTPTR_MAX, 0};
  widen(&memory, arena->top);
  return watch ? harena__find_holders(watch->id, memory, each, context) : 0;
}

bool harena_outlives(const void *target, const void *holder) {
  return harena__compare_lifetimes(target, holder) == HARENA__ENDS_LATER;
}

/* "harena: harena_track(0x7f..): " and what is wrong. */
static void complain(const char *function, const void *argument, const char *problem) {
  harena__line line = {0};
  harena__add(&line, "harena: ");
  harena__add(&line, function);
  harena__add(&line, "(");
  harena__add_hex(&line, (uintptr_t)argument);
  harena__add(&line, "): ");
  harena__add(&line, problem);
  harena__write_line_to_stderr(line.text);
}

void harena_track(void *slot) {
  if (!slot || !harena__register_slot((uintptr_t)slot)) {
    complain("harena_track", slot, slot ? "no room for one more slot" : "there is no slot");
  }
}

void harena_set_pointer_map(const void *block, const harena_pointer_map *map) {
  harena__entry *entry = block ? harena__ledger_at(block) : NULL;
  bool fits = !map || (entry && map->size && map->size <= entry->size);
  if (entry && entry->state == HARENA_LIVE && fits && !harena__set_map(entry, map)) {
    complain("harena_set_pointer_map", block, "no room for one more map");
  }
}

void harena_untrack(void *slot) { harena__forget_slot((uintptr_t)slot); }

void harena_may_dangle(void *slot, const char *reason) {
  if (!slot || !reason || *reason == '\0') {
    complain("harena_may_dangle", slot,
             slot ? "expected a reason; the slot is still watched" : "there is no slot");
  } else if (!harena__allow_slot((uintptr_t)slot)) {
    complain("harena_may_dangle", slot, "no room for one more slot");
  }
}

void harena_add_root(const void *start, size_t size, const char *name) {
  if (!start || size == 0 || (uintptr_t)start + size < (uintptr_t)start) {
    complain("harena_add_root", start, "expected the start and the size of a range of memory");
  } else if (!harena__name_root(start, size, name ? name : "unnamed")) {
    complain("harena_add_root", start, "no room for one more root");
  }
}

void harena_remove_root(const void *start) { harena__forget_root(start); }
