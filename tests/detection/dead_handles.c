/* Arenas that are used after their end, or are none. */
#include <string.h>

#include "sites.h"

/* ---- Closed twice ---- */

static void closed_twice(const struct trial *trial) {
  harena *arena = open_request();
  close_request(arena);
  close_again(trial->bug ? arena : NULL);
}

static void closed_twice_in_buffer(const struct trial *trial) {
  static char buffer[BUFFER_SIZE];
  harena *arena = open_in_buffer(buffer);
  close_request(arena);
  close_again(trial->bug ? arena : NULL);
}

static void closed_twice_from_source(const struct trial *trial) {
  harena *arena = open_sourced();
  close_request(arena);
  close_again(trial->bug ? arena : NULL);
}

static void closed_twice_after_others(const struct trial *trial) {
  harena *arena = open_request();
  close_request(arena);
  harena *other = open_other();
  allocate_filler(other, 1000);
  close_again(trial->bug ? arena : NULL);
  conclude(other);
}

/* The parent has closed it already; the near miss closes in the right order. */
static void closed_after_parent(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  if (trial->bug) {
    close_session(session);
    close_again(child);
  } else {
    close_again(child);
    close_session(session);
  }
}

/* ---- Used after close ---- */

static void close_nothing(void *context) { (void)context; }

SITE static void use_alloc(harena *arena) { (void)!harena_alloc(arena, 24, 8); } /* at use_alloc */

SITE static void use_alloc_zeroed(harena *arena) {
  (void)!harena_alloc_zeroed(arena, 24, 8); /* at use_alloc_zeroed */
}

static volatile size_t runtime_align = 32;

SITE static void use_alloc_aligned(harena *arena) {
  (void)!harena_alloc(arena, 24, runtime_align); /* at use_alloc_aligned */
}

SITE static void use_strdup(harena *arena) {
  (void)!harena_strdup(arena, "text"); /* at use_strdup */
}

SITE static void use_printf(harena *arena) {
  (void)!harena_printf(arena, "%d", 42); /* at use_printf */
}

SITE static void use_clear(harena *arena) { harena_clear(arena); } /* at use_clear */

SITE static void use_save(harena *arena) { (void)harena_save(arena); } /* at use_save */

SITE static void use_defer(harena *arena) {
  (void)!harena_defer(arena, close_nothing, NULL); /* at use_defer */
}

SITE static void use_trim(harena *arena) { harena_trim(arena); } /* at use_trim */

SITE static void use_set_limit(harena *arena) {
  (void)harena_set_limit(arena, (size_t)1 << 20); /* at use_set_limit */
}

SITE static void use_as_parent(harena *arena) {
  harena_options options = {.name = "child", .parent = arena};
  (void)!harena_open(&options); /* at use_as_parent */
}

typedef struct use {
  const char *name;
  void (*make)(harena *arena);
} use;

static const use uses[] = {
    {"alloc", use_alloc},
    {"alloc-zeroed", use_alloc_zeroed},
    {"alloc-aligned", use_alloc_aligned},
    {"strdup", use_strdup},
    {"printf", use_printf},
    {"clear", use_clear},
    {"save", use_save},
    {"defer", use_defer},
    {"trim", use_trim},
    {"set-limit", use_set_limit},
    {"parent", use_as_parent},
};

static void use_handle(const struct trial *trial, harena *arena) {
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
    if (trial_is(trial, uses[i].name)) {
      uses[i].make(arena);
      return;
    }
  }
  trial_unknown(trial);
}

static void used_after_close(const struct trial *trial) {
  harena *arena = open_request();
  if (!trial->bug) {
    use_handle(trial, arena);
  }
  close_request(arena);
  if (trial->bug) {
    use_handle(trial, arena);
  }
}

/* Clearing a parent closes its children: their handles are dead, unlike after a delegated clear. */
static void used_after_parents_clear(const struct trial *trial) {
  harena *session = open_session();
  harena *child = open_child(session);
  if (trial->bug) {
    finish_session(session);
  }
  use_handle(trial, child);
  conclude(session);
}

/* ---- Never an arena ---- */

static void not_an_arena(const struct trial *trial) {
  static union {
    harena head;
    char bytes[BUFFER_SIZE];
  } memory;
  memset(&memory, 0, sizeof memory);
  harena *arena = open_request();
  use_clear(trial->bug ? &memory.head : arena);
  conclude(arena);
}

/* ---- Called from its own cleanup ---- */

static void clear_from_cleanup(void *context) { use_clear(context); }
static void read_from_cleanup(void *context) { read_byte(context); }

/* The near miss: a cleanup may still read the blocks. */
static void cleared_in_cleanup(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  bool deferred = trial->bug ? harena_defer(arena, clear_from_cleanup, arena)
                             : harena_defer(arena, read_from_cleanup, record);
  (void)deferred;
  finish_request(arena);
  conclude(arena);
}

static void allocate_from_cleanup(void *context) { use_alloc(context); }

static void allocated_in_cleanup(const struct trial *trial) {
  harena *arena = open_request();
  char *record = allocate_record(arena);
  bool deferred = trial->bug ? harena_defer(arena, allocate_from_cleanup, arena)
                             : harena_defer(arena, read_from_cleanup, record);
  (void)deferred;
  finish_request(arena);
  conclude(arena);
}

const detection_case handle_cases[] = {
    {"closed-twice", closed_twice},
    {"closed-twice-in-buffer", closed_twice_in_buffer},
    {"closed-twice-from-source", closed_twice_from_source},
    {"closed-twice-after-others", closed_twice_after_others},
    {"closed-after-parent", closed_after_parent},
    {"used-after-close", used_after_close},
    {"used-after-parents-clear", used_after_parents_clear},
    {"not-an-arena", not_an_arena},
    {"cleared-in-cleanup", cleared_in_cleanup},
    {"allocated-in-cleanup", allocated_in_cleanup},
    {NULL, NULL},
};
