#include "leaks.h"

#include <stdlib.h>
#include <unwind.h>

#include "escape/escape.h"
#include "hooks.h"
#include "report/frames.h"
#include "report/line.h"
#include "report/options.h"
#include "report/policy.h"
#include "sanitize.h"
#include "window.h"

/* ---- Reaching ---- */

static void forget_reached(harena__watch *watch, void *context) {
  (void)context;
  watch->reached = false;
}

/* The ends of the range are no handles: with AddressSanitizer's fake stack they may lie in memory
 * that is searched. */
static void cover_handle(harena__watch *watch, void *context) {
  harena__range *handles = context;
  uintptr_t handle = (uintptr_t)harena__unhide(watch->hidden_handle);
  if (watch->open) {
    handles->start = handle <= handles->start ? handle - 1 : handles->start;
    handles->end = handle >= handles->end ? handle + 1 : handles->end;
  }
}

static void reach(uintptr_t value, void *context) {
  (void)context;
  harena__watch *watch = harena__ledger_watch_at((const void *)value);
  if (watch && watch->open) {
    watch->family->reached = true;
  }
}

/* False when memory cannot be looked at: then nothing is known to be lost. */
static bool mark_reached(const void *frame) {
  harena__range handles = {UINTPTR_MAX, 0};
  harena__ledger_each_arena(forget_reached, NULL);
  harena__ledger_each_arena(cover_handle, &handles);
  return handles.start >= handles.end || harena__each_held(handles, frame, reach, NULL);
}

/* ---- Reporting ---- */

static bool is_open_family(const harena__watch *watch) {
  return watch->open && watch->family == watch;
}

static void report_lost(harena__watch *watch, void *context) {
  size_t *found = context;
  if (!is_open_family(watch) || watch->reached || watch->leak_told) {
    return;
  }
  const harena__arena *arena = (const harena__arena *)harena__unhide(watch->hidden_handle);
  harena__finding finding = {.class = HARENA__LEAKED_ARENA,
                             .what = "an arena was never closed, and nobody holds its handle",
                             .address = arena,
                             .arena = watch,
                             .used = harena__used(arena),
                             .reserved = arena->reserved};
  watch->leak_told = true;
  ++*found;
  harena__find_and_survive(&finding);
}

size_t harena__report_leaks(const void *frame) {
  size_t found = 0;
  harena__begin_racing();
  if (mark_reached(frame)) {
    harena__ledger_each_arena(report_lost, &found);
  }
  harena__end_racing();
  return found;
}

/* ---- At exit ---- */

/* "harena: still open at exit: arena "cache" (opened cache.c:12)" */
static void list_open(harena__watch *watch, void *context) {
  (void)context;
  if (!is_open_family(watch) || watch->leak_told) {
    return;
  }
  harena__line line = {0};
  harena__symbol place;
  harena__add(&line, "harena: still open at exit: arena \"");
  harena__add_name(&line, watch->name);
  harena__add(&line, "\"");
  if (harena__first_user_frame(watch->opened, false, &place)) {
    harena__add(&line, " (opened ");
    harena__add_place(&line, &place);
    harena__add(&line, ")");
  }
  harena__write_line_to_stderr(line.text);
}

typedef struct frame_search {
  bool behind_exit;
  const void *frame;
} frame_search;

static _Unwind_Reason_Code look_for_exit(struct _Unwind_Context *frame, void *context) {
  frame_search *search = context;
  if (search->behind_exit) {
    search->frame = (const void *)_Unwind_GetCFA(frame);
    return _URC_END_OF_STACK;
  }
  void *call = (void *)(_Unwind_GetIP(frame) - 1);
  search->behind_exit = (uintptr_t)_Unwind_FindEnclosingFunction(call) == (uintptr_t)exit;
  return _URC_NO_REASON;
}

/* A program that is linked statically has by now forgotten how to unwind, and would abort. What is
 * asked for is the byte before, which may belong to no function. */
static bool can_unwind(void) {
  const char *inside = (const char *)(uintptr_t)look_for_exit + 1;
  return _Unwind_FindEnclosingFunction((void *)(uintptr_t)inside) != NULL;
}

/* Where the frame of the caller of exit() begins. What lies below are the frames of exit() itself,
 * and in them what is left of main(), if that has returned. */
static const void *frame_that_exits(void) {
  frame_search search = {false, __builtin_frame_address(0)};
  if (can_unwind()) {
    _Unwind_Backtrace(look_for_exit, &search);
  }
  return search.frame;
}

__attribute__((weak)) void __lsan_do_leak_check(void);

/* LeakSanitizer looks later, and would not get its turn. */
static void end_for_leaks(void) {
  if (harena__option()->halt_on_error) {
    if (__lsan_do_leak_check) {
      __lsan_do_leak_check();
    }
    harena__end_for_findings();
  }
}

void harena__report_leaks_at_exit(void) {
  unsigned wanted = harena__option()->leaks;
  if (wanted == HARENA__LEAKS_OFF) {
    return;
  }
  size_t before = harena_findings();
  harena__report_leaks(frame_that_exits());
  if (wanted == HARENA__LEAKS_ALL) {
    harena__ledger_each_arena(list_open, NULL);
  }
  if (harena_findings() > before) {
    end_for_leaks();
  }
}
