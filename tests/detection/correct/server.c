/* A server: an arena for the process, a child for each connection, a child of that for each
 * request. A connection outlives its requests and keeps a history; some end in the middle of a
 * request. */
#include <stdio.h>
#include <string.h>

#include "correct.h"

enum { CONNECTIONS = 8, ROUNDS = 200, HISTORY = 4 };

typedef struct connection {
  harena *arena;
  const char *peer;
  const char *history[HISTORY];
  unsigned requests;
} connection;

typedef struct header {
  const char *name;
  const char *value;
  struct header *next;
} header;

static connection *accept_connection(harena *process, unsigned number) {
  harena *arena = harena_open(&(harena_options){.name = "connection", .parent = process});
  REQUIRE(arena);
  connection *made = harena_new_zeroed(arena, connection);
  made->arena = arena;
  made->peer = harena_printf(arena, "peer-%u", number);
  return made;
}

static header *parse_headers(harena *request, unsigned count) {
  header *first = NULL;
  for (unsigned i = 0; i < count; i++) {
    header *added = harena_new(request, header);
    *added = (header){.name = harena_printf(request, "X-Field-%u", i),
                      .value = harena_printf(request, "%*d", (int)(i * 7), (int)i),
                      .next = first};
    first = added;
  }
  return first;
}

static size_t measure_headers(const header *first) {
  size_t total = 0;
  for (; first; first = first->next) {
    total += strlen(first->name) + strlen(first->value);
  }
  return total;
}

/* The response lives in the request's arena; the history is the connection's own. */
static void serve(connection *it, unsigned round) {
  harena *request = harena_open(&(harena_options){.name = "request", .parent = it->arena});
  REQUIRE(request);
  const header *headers = parse_headers(request, round % 20);
  char *body = harena_alloc_array(request, round % 3000, 1, 1);
  memset(body, 'b', round % 3000);
  char *line = harena_printf(request, "%s: %zu", it->peer, measure_headers(headers));
  it->history[it->requests++ % HISTORY] = harena_strdup(it->arena, line);
  if (round % 5 != 0) {
    harena_close(request);
  }
}

static void hang_up(connection *it) {
  for (unsigned i = 0; i < HISTORY && i < it->requests; i++) {
    REQUIRE(strncmp(it->history[i], it->peer, strlen(it->peer)) == 0);
  }
  harena_close(it->arena);
}

void correct_server(void) {
  harena *process = harena_open(&(harena_options){.name = "process"});
  connection *connections[CONNECTIONS] = {NULL};
  for (unsigned round = 0; round < ROUNDS; round++) {
    unsigned place = round * 5 % CONNECTIONS;
    if (!connections[place]) {
      connections[place] = accept_connection(process, round);
    }
    serve(connections[place], round);
    if (round % 11 == 10) {
      hang_up(connections[place]);
      connections[place] = NULL;
    }
  }
  harena_clear(process);
  REQUIRE(harena_measure(process).used_bytes == 0);
  REQUIRE(strlen(harena_printf(process, "%u rounds", (unsigned)ROUNDS)) == 10);
  harena_close(process);
}
