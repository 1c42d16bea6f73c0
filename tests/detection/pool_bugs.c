/* Bugs of real programs that use pools and arenas, each reduced to its pattern. The near miss is
 * how it was fixed, or could have been. */
#include <string.h>

#include "sites.h"

/* ---- httpd, CVE-2017-9798 (Optionsbleed) ---- */

/* The method table lives as long as the server, the name came from a request's pool. */
static const char *volatile methods[4];

SITE static void register_method(harena *pool, const char *name) {
  methods[0] = harena_strdup(pool, name); /* at register_method */
}

SITE static void list_methods(void) {
  decide_on((unsigned long)methods[0][0]); /* at list_methods */
}

static void methods_of_request(const struct trial *trial) {
  harena *session = open_session();
  harena *request = open_request();
  register_method(trial->bug ? request : session, "PROPFIND");
  finish_request(request);
  list_methods();
  methods[0] = NULL;
  conclude(request);
  close_session(session);
}

/* ---- httpd, CVE-2026-23918 (mod_http2) ---- */

/* A stream is put on the purge list by each of two callbacks. */
static void purged_twice(const struct trial *trial) {
  harena *purge[2];
  size_t count = 0;
  harena *stream = open_request();
  purge[count++] = stream;
  if (trial->bug) {
    purge[count++] = stream;
  }
  close_request(purge[0]);
  if (count == 2) {
    close_again(purge[1]);
  }
}

/* ---- httpd, CVE-2019-10081 (mod_http2 push) ---- */

SITE static void write_push(char *headers) { *(volatile char *)headers = 'p'; } /* at write_push */

/* The pushed stream writes into the pool of the request that pushed it. */
static void push_outlives_request(const struct trial *trial) {
  harena *request = open_request();
  char *headers = allocate_record(request);
  if (!trial->bug) {
    write_push(headers);
  }
  close_request(request);
  if (trial->bug) {
    write_push(headers);
  }
}

/* ---- httpd, CVE-2019-10082 (connection shutdown) ---- */

typedef struct stream {
  const char *connection_name;
} stream;

SITE static void shut_down(const stream *it) {
  decide_on((unsigned long)it->connection_name[0]); /* at shut_down */
}

/* The stream, which has an arena of its own, reads what its connection owned. */
static void shutdown_order(const struct trial *trial) {
  harena *session = open_session();
  harena *request = open_request();
  stream *it = harena_new(request, stream);
  it->connection_name = allocate_record(session) + RECORD_TEXT;
  if (!trial->bug) {
    shut_down(it);
  }
  close_session(session);
  if (trial->bug) {
    shut_down(it);
  }
  conclude(request);
}

/* ---- Subversion, CVE-2022-24070 ---- */

static char *volatile cached_configuration;

/* A static cache points into the configuration's pool, which is cleared when it is read again. */
static void cached_over_configuration(const struct trial *trial) {
  harena *configuration = open_request();
  for (int pass = 0; pass < 2; pass++) {
    if (!cached_configuration) {
      cached_configuration = allocate_record(configuration);
    }
    read_byte(cached_configuration);
    if (pass == 0) {
      finish_request(configuration);
      cached_configuration = trial->bug ? cached_configuration : NULL;
    }
  }
  cached_configuration = NULL;
  conclude(configuration);
}

/* ---- Samba, CVE-2022-32746 (ldb) ---- */

typedef struct message {
  char *elements;
  size_t size;
} message;

SITE static void audit(const message *it) { read_byte(it->elements); }

/* A shallow copy shares the array; growing the copy's ends the original's. */
static void shallow_copy_grows(const struct trial *trial) {
  harena *arena = open_request();
  message original = {allocate_record(arena), RECORD};
  message copy = original;
  if (!trial->bug) {
    copy.elements = harena_dup(arena, original.elements, RECORD, 8);
  }
  allocate_neighbour(arena, 8);
  copy.elements = resize_block(arena, copy.elements, RECORD, 2 * RECORD);
  audit(&original);
  conclude(arena);
}

/* ---- Samba, CVE-2020-10700 (paged results) ---- */

typedef struct continuation {
  char *result;
} continuation;

/* What the next page needs hangs off the request that has just been answered. */
static void continuation_of_shorter_parent(const struct trial *trial) {
  harena *session = open_session();
  harena *request = open_child(session);
  continuation *it = harena_new(session, continuation);
  it->result = trial->bug ? allocate_record(request) : harena_dup(session, "page", 5, 1);
  close_request(request);
  read_byte(it->result);
  close_session(session);
}

/* ---- Exim, CVE-2020-28018 ---- */

static char *volatile tls_buffer;

/* A static pointer into the store survives the reset between two messages. */
static void static_survives_reset(const struct trial *trial) {
  harena *store = open_request();
  harena_mark reset_point = save_place(store);
  tls_buffer = allocate_record(store);
  undo(store, reset_point);
  if (!trial->bug) {
    tls_buffer = allocate_record(store);
  }
  write_byte(tls_buffer);
  tls_buffer = NULL;
  conclude(store);
}

/* ---- Exim, CVE-2017-16943 (BDAT) ---- */

/* Growing in place is not possible, the buffer moves, and one pointer stays behind. */
static void pointer_over_growth(const struct trial *trial) {
  harena *arena = open_request();
  char *line = allocate_record(arena);
  char *position = line + 8;
  allocate_neighbour(arena, 8);
  line = resize_block(arena, line, RECORD, 4 * RECORD);
  position = trial->bug ? position : line + 8;
  write_byte(position);
  conclude(arena);
}

/* ---- Exim, CVE-2026-45185 (BDAT over TLS) ---- */

typedef struct reader {
  char *buffer;
  void (*read)(char *place);
} reader;

/* The function below on the stack of readers still has the transfer buffer. */
static void reader_below_keeps_buffer(const struct trial *trial) {
  harena *arena = open_request();
  char *transfer = allocate_record(arena);
  allocate_neighbour(arena, 8);
  reader stack[2] = {{transfer, read_byte}, {transfer, read_byte}};
  stack[1].read(stack[1].buffer);
  if (trial->bug) {
    free_block(arena, transfer, RECORD);
  }
  stack[0].read(stack[0].buffer);
  conclude(arena);
}

/* ---- Exim, expansion variables ---- */

static char *volatile expansion_value;

/* $value was set for one message and is expanded for the next. */
static void variable_of_last_message(const struct trial *trial) {
  harena *message_arena = open_request();
  expansion_value = allocate_record(message_arena);
  finish_request(message_arena);
  if (!trial->bug) {
    expansion_value = allocate_record(message_arena);
  }
  measure_string(expansion_value + RECORD_TEXT);
  expansion_value = NULL;
  conclude(message_arena);
}

/* ---- PostgreSQL, add_path ---- */

/* A path that another list still holds is freed, and its memory becomes another node. */
static void path_in_two_lists(const struct trial *trial) {
  harena *arena = open_with_flags(HARENA_RECYCLE);
  char *path = allocate_record(arena);
  char *partial_paths[1] = {path};
  allocate_neighbour(arena, RECORD);
  if (trial->bug) {
    free_block(arena, path, RECORD);
  }
  for (int i = 0; i < 3; i++) {
    allocate_neighbour(arena, RECORD);
  }
  read_byte(partial_paths[0]);
  conclude(arena);
}

/* ---- PostgreSQL, postgres_fdw ---- */

/* An executor's node caches a connection whose entry goes when a subtransaction aborts. */
static void cached_over_abort(const struct trial *trial) {
  harena *arena = open_request();
  char **node = harena_new(arena, char *);
  harena_mark subtransaction = save_place(arena);
  *node = allocate_record(arena);
  if (!trial->bug) {
    read_byte(*node);
  }
  undo(arena, subtransaction);
  if (trial->bug) {
    read_byte(*node);
  }
  conclude(arena);
}

/* ---- protobuf for PHP ---- */

typedef struct wrapper {
  char *message;
} wrapper;

/* The wrapper lets go of its arena while the script can still reach the message. */
static void wrapper_drops_arena(const struct trial *trial) {
  harena *arena = open_request();
  wrapper script = {allocate_record(arena)};
  if (trial->bug) {
    close_request(arena);
  }
  read_byte(script.message);
  if (!trial->bug) {
    close_request(arena);
  }
}

const detection_case pool_bug_cases[] = {
    {"methods-of-request", methods_of_request},
    {"purged-twice", purged_twice},
    {"push-outlives-request", push_outlives_request},
    {"shutdown-order", shutdown_order},
    {"cached-over-configuration", cached_over_configuration},
    {"shallow-copy-grows", shallow_copy_grows},
    {"continuation-of-shorter-parent", continuation_of_shorter_parent},
    {"static-survives-reset", static_survives_reset},
    {"pointer-over-growth", pointer_over_growth},
    {"reader-below-keeps-buffer", reader_below_keeps_buffer},
    {"variable-of-last-message", variable_of_last_message},
    {"path-in-two-lists", path_in_two_lists},
    {"cached-over-abort", cached_over_abort},
    {"wrapper-drops-arena", wrapper_drops_arena},
    {NULL, NULL},
};
