/* Files that close with their arena: at clear, at rewind, at the end of a scope and at close,
 * newest first. */
#include <stdio.h>
#include <string.h>

#include "correct.h"

/* In the arena itself: a cleanup runs before anything is poisoned, so it may read and write there.
 */
typedef struct log_file {
  FILE *stream;
  char *buffer;
  const char *last_words;
  int *open_files;
} log_file;

static void close_log(void *context) {
  log_file *it = context;
  REQUIRE(fputs(it->last_words, it->stream) >= 0);
  REQUIRE(fclose(it->stream) == 0);
  it->stream = NULL;
  memset(it->buffer, 0, 512);
  --*it->open_files;
}

static log_file *open_log(harena *arena, int *open_files) {
  log_file *it = harena_new(arena, log_file);
  REQUIRE(it);
  *it = (log_file){.stream = tmpfile(),
                   .buffer = harena_alloc(arena, 512, 1),
                   .last_words = harena_strdup(arena, "closed with its arena\n"),
                   .open_files = open_files};
  REQUIRE(it->stream);
  REQUIRE(setvbuf(it->stream, it->buffer, _IOFBF, 512) == 0);
  REQUIRE(harena_defer(arena, close_log, it));
  ++*open_files;
  return it;
}

static void write_lines(log_file *it, int count) {
  for (int i = 0; i < count; i++) {
    REQUIRE(fprintf(it->stream, "line %d\n", i) > 0);
  }
}

static void log_in_scope(harena *arena, int *open_files) {
  HARENA_SCOPE(arena) {
    write_lines(open_log(arena, open_files), 10);
    REQUIRE(*open_files == 2);
  }
  REQUIRE(*open_files == 1);
}

static void log_until_rewind(harena *arena, int *open_files) {
  harena_mark mark = harena_save(arena);
  for (int i = 0; i < 3; i++) {
    write_lines(open_log(arena, open_files), 200);
  }
  harena_rewind(arena, mark);
  REQUIRE(*open_files == 1);
}

void correct_cleanups(void) {
  int open_files = 0;
  harena *session = harena_open(&(harena_options){.name = "session"});
  harena *arena = harena_open(&(harena_options){.name = "log", .parent = session});
  for (int round = 0; round < 3; round++) {
    log_file *main_log = open_log(arena, &open_files);
    log_in_scope(arena, &open_files);
    log_until_rewind(arena, &open_files);
    write_lines(main_log, 100);
    harena_clear(arena);
    REQUIRE(open_files == 0);
  }
  write_lines(open_log(arena, &open_files), 5);
  write_lines(open_log(session, &open_files), 5);
  harena_close(session);
  REQUIRE(open_files == 0);
}
