#include "lifetimes.h"

#include "handles.h"
#include "mark.h"
#include "regions.h"

/* Whose an address is: an open arena and, unless it is the arena's own record, a live block. */
typedef struct place {
  bool anywhere;              /* in no arena's memory */
  const harena__arena *arena; /* NULL: in memory that is dead */
  const void *block;
} place;

/* The address may be anything: nothing is read there. */
static place place_of(const void *address) {
  const harena__watch *handle = harena__ledger_watch_at(address);
  if (handle && handle->open) {
    return (place){.arena = address};
  }
  if (!harena__region_of(address)) {
    return (place){.anywhere = true};
  }
  const harena__entry *entry = harena__ledger_find(address);
  const harena__watch *watch = entry ? harena__ledger_watch_of(entry) : NULL;
  const char *block = entry ? harena__unhide(entry->hidden_block) : NULL;
  bool lives = watch && watch->open && entry->state == HARENA_LIVE &&
               (uintptr_t)address - (uintptr_t)block <= entry->size;
  if (!lives) {
    return (place){0};
  }
  return (place){.arena = (const harena__arena *)(void *)harena__unhide(watch->hidden_handle),
                 .block = block};
}

static bool is_ancestor(const harena__arena *arena, const harena__arena *of) {
  while (of && of != arena) {
    of = of->parent;
  }
  return of == arena;
}

/* Whether a rewind can end the target and leave the holder. */
static bool is_behind_a_mark(const harena__arena *arena, const void *target, const void *holder) {
  for (const harena__mark *mark = arena->newest_mark; mark && target; mark = mark->older) {
    bool holder_stays = !holder || !harena__is_since(arena, mark, holder);
    if (harena__is_since(arena, mark, target) && holder_stays) {
      return true;
    }
  }
  return false;
}

harena__order harena__compare_lifetimes(const void *target, const void *holder) {
  place end = place_of(target);
  place keeper = place_of(holder);
  if (!target || end.anywhere) {
    return HARENA__ENDS_LATER;
  }
  if (!end.arena || (!keeper.anywhere && !keeper.arena)) {
    return HARENA__UNORDERED;
  }
  if (keeper.anywhere) {
    return HARENA__ENDS_EARLIER;
  }
  if (end.arena == keeper.arena) {
    bool earlier = is_behind_a_mark(end.arena, end.block, keeper.block);
    return earlier ? HARENA__ENDS_EARLIER : HARENA__ENDS_LATER;
  }
  if (is_ancestor(end.arena, keeper.arena)) {
    return HARENA__ENDS_LATER;
  }
  return is_ancestor(keeper.arena, end.arena) ? HARENA__ENDS_EARLIER : HARENA__UNORDERED;
}

bool harena__is_of_descendant(const harena__arena *arena, const void *target) {
  const harena__arena *home = target ? place_of(target).arena : NULL;
  return home && home != arena && is_ancestor(arena, home);
}
