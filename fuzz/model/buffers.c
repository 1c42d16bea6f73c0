#include "buffers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trial.h"

enum { WRITERS = 2, MOST_TEXT = 1 << 20, LONGEST_PIECE = 1500, MOST_DIGITS = 80 };

/* A buffer and what it must hold. */
typedef struct writer {
  harena_buffer buffer;
  size_t length;
  int first_errno; /* of the write that failed first */
  char text[MOST_TEXT];
} writer;

static writer writers[WRITERS];

static void begin_anew(writer *it, harena *arena) {
  harena_buffer_init(&it->buffer, arena);
  it->length = 0;
  it->first_errno = 0;
}

static const char *new_text(const step *it) {
  static char text[LONGEST_PIECE + 1];
  size_t length = size_of_step(it);
  for (size_t i = 0; i < length; i++) {
    text[i] = (char)('!' + (it->number * 31 + i * 7) % 90);
  }
  text[length] = '\0';
  return text;
}

/* ---- What must be ---- */

static void check_contents(const writer *it) {
  harena_span span = harena_buffer_view(&it->buffer);
  must(span.length == it->length && harena_buffer_length(&it->buffer) == it->length);
  must(harena_buffer_capacity(&it->buffer) >= it->length);
  must(it->length == 0 || memcmp(span.data, it->text, it->length) == 0);
  must(harena_buffer_failed(&it->buffer) == (it->first_errno != 0));
}

static void append_copy(writer *it, const char *text, size_t length) {
  memmove(it->text + it->length, text, length);
  it->length += length;
}

/* The first failure is one that the arena can have; later ones repeat it. */
static void accept_failure(writer *it) {
  must(harena_buffer_failed(&it->buffer));
  if (it->first_errno == 0) {
    must_be_short(it->buffer.arena);
    it->first_errno = errno;
  }
  must(errno == it->first_errno);
}

static void accept(writer *it, bool done, const char *text, size_t length) {
  if (done) {
    must(it->first_errno == 0);
    append_copy(it, text, length);
  } else {
    accept_failure(it);
  }
}

/* ---- Writing ---- */

static void write_text(writer *it, const step *op) {
  const char *text = new_text(op);
  size_t length = strlen(text);
  errno = 0;
  bool done = op->which & 2 ? harena_buffer_write_string(&it->buffer, text)
                            : harena_buffer_write(&it->buffer, length ? text : NULL, length);
  accept(it, done, text, length);
}

static void write_byte(writer *it, const step *op) {
  char byte = (char)op->number;
  errno = 0;
  accept(it, harena_buffer_write_byte(&it->buffer, byte), &byte, 1);
}

/* What is written lies in the buffer itself. */
static void write_itself(writer *it, const step *op) {
  size_t from = op->number % (it->length + 1);
  size_t length = it->length - from < LONGEST_PIECE ? it->length - from : LONGEST_PIECE;
  char *contents = harena_buffer_view(&it->buffer).data;
  errno = 0;
  bool done = harena_buffer_write(&it->buffer, contents ? contents + from : NULL, length);
  accept(it, done, it->text + from, length);
}

static bool print_arguments(harena_buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  bool done = harena_buffer_vprintf(buffer, format, arguments);
  va_end(arguments);
  return done;
}

static void print(writer *it, const step *op) {
  char expected[MOST_DIGITS + 1];
  int width = (int)(op->which % MOST_DIGITS);
  int number = (int)op->number;
  int length = snprintf(expected, sizeof expected, "%*d", width, number);
  errno = 0;
  bool done = op->which & 2 ? harena_buffer_printf(&it->buffer, "%*d", width, number)
                            : print_arguments(&it->buffer, "%*d", width, number);
  accept(it, done, expected, (size_t)length);
}

/* In two parts, the second of which may be left out. */
static void fill_room(writer *it, char *room, const char *text, size_t length, bool whole) {
  size_t first = length / 2;
  memcpy(room, text, length);
  harena_buffer_commit(&it->buffer, first);
  append_copy(it, text, first);
  if (whole) {
    harena_buffer_commit(&it->buffer, length - first);
    append_copy(it, text + first, length - first);
  }
}

static void reserve(writer *it, const step *op) {
  const char *text = new_text(op);
  errno = 0;
  char *room = harena_buffer_reserve(&it->buffer, strlen(text));
  if (room) {
    fill_room(it, room, text, strlen(text), op->which & 2);
  } else {
    accept_failure(it);
  }
}

static void reserve_too_much(writer *it, const step *op) {
  errno = 0;
  must(!harena_buffer_reserve(&it->buffer, SIZE_MAX - op->number));
  must(harena_buffer_failed(&it->buffer));
  must(it->first_errno == 0 ? errno == ENOMEM || errno == EDQUOT : errno == it->first_errno);
  it->first_errno = errno;
}

/* ---- Streams ---- */

/* stdio hands on what it has in pieces, so that a part may have come through. */
static void accept_part(writer *it, const char *text, size_t length) {
  size_t now = harena_buffer_length(&it->buffer);
  must(now >= it->length && now <= it->length + length);
  append_copy(it, text, now - it->length);
  accept_failure(it);
}

static void stream(writer *it, const step *op) {
  const char *text = new_text(op);
  size_t length = strlen(text);
  if (length == 0) {
    return; /* nothing would be handed on that could fail */
  }
  FILE *file = harena_buffer_stream(&it->buffer);
  must(file);
  fputs(text, file);
  errno = 0;
  bool done = fflush(file) == 0;
  if (done) {
    accept(it, true, text, length);
    must(ftell(file) == (long)it->length);
  } else {
    accept_part(it, text, length);
  }
  must((fclose(file) == 0) == (it->first_errno == 0));
}

/* ---- Copies ---- */

static void copy_to_heap(const writer *it) {
  char *string = harena_buffer_string_to_heap(&it->buffer);
  void *copy = harena_buffer_to_heap(&it->buffer);
  must(!string || (string[it->length] == '\0' && memcmp(string, it->text, it->length) == 0));
  must(!copy || it->length == 0 || memcmp(copy, it->text, it->length) == 0);
  free(string);
  free(copy);
}

/* The slice shares the memory, also when what it has is written over. */
static void take_slice(writer *it) {
  harena_bytes bytes = harena_buffer_bytes(&it->buffer);
  must(bytes.length == it->length && bytes.capacity == harena_buffer_capacity(&it->buffer));
  harena_span span = harena_bytes_view(it->buffer.arena, bytes);
  if (span.length > 0) {
    span.data[span.length / 2] = 's';
    it->text[span.length / 2] = 's';
  }
}

/* ---- Misuse ---- */

static void commit_one_more(harena *arena, void *context) {
  (void)arena;
  writer *it = context;
  char *room = harena_buffer_reserve(&it->buffer, 4);
  harena_buffer_commit(&it->buffer, room ? 5 : 1);
}

static void commit_after_write(harena *arena, void *context) {
  (void)arena;
  writer *it = context;
  if (harena_buffer_reserve(&it->buffer, 4) && harena_buffer_write_byte(&it->buffer, 'x')) {
    append_copy(it, "x", 1);
  }
  harena_buffer_commit(&it->buffer, 1);
}

static void write_again(harena *arena, void *context) {
  (void)arena;
  writer *it = context;
  harena_buffer_write_byte(&it->buffer, 'x');
}

static void view_again(harena *arena, void *context) {
  (void)arena;
  const writer *it = context;
  (void)harena_buffer_view(&it->buffer);
}

static void misuse(harena *arena, writer *it) {
  static void (*const wrong[])(harena * arena, void *context) = {commit_one_more,
                                                                 commit_after_write};
  for (size_t i = 0; i < 2 && it->first_errno == 0; i++) {
    must_panic("out of range: commit", wrong[i], arena, it);
    if (harena_buffer_failed(&it->buffer)) {
      it->first_errno = errno;
    }
  }
}

/* ---- The arena ---- */

static void check_stale(harena *arena, writer *it) {
  if (it->buffer.data.epoch != 0) {
    must_panic("stale", write_again, arena, it);
    must_panic("stale", view_again, arena, it);
  }
}

static void clear(harena *arena, const step *op) {
  harena_clear(arena);
  for (size_t i = 0; i < WRITERS; i++) {
    if (op->which & 2) {
      check_stale(arena, &writers[i]);
    }
    begin_anew(&writers[i], arena);
  }
}

/* A buffer that began behind the mark ends with it; one that stays within its capacity lives on. */
static void write_in_scope(harena *arena, writer *it, const step *op) {
  static writer inner;
  harena_mark mark = harena_save(arena);
  if (!mark.arena) {
    must_be_short(arena);
    return;
  }
  begin_anew(&inner, arena);
  write_text(&inner, op);
  check_contents(&inner);
  if (harena_buffer_capacity(&it->buffer) > it->length) {
    write_byte(it, op);
  }
  harena_rewind(arena, mark);
  check_stale(arena, &inner);
}

/* ---- Steps ---- */

static void make_room(harena *arena, const writer *it, const step *op) {
  if (it->length > MOST_TEXT - 2 * LONGEST_PIECE) {
    clear(arena, op);
  }
}

static void write_somehow(writer *it, const step *op) {
  switch (op->kind % 16) {
    case 0:
      write_itself(it, op);
      break;
    case 1:
      print(it, op);
      break;
    case 2:
    case 3:
      reserve(it, op);
      break;
    case 4:
      stream(it, op);
      break;
    case 5:
    case 6:
      write_byte(it, op);
      break;
    default:
      write_text(it, op);
  }
}

static void make_step(harena *arena, const step *op) {
  writer *it = &writers[op->which % WRITERS];
  make_room(arena, it, op);
  switch (op->kind / 16) {
    case 0:
      allocate_between(arena, op);
      break;
    case 1:
      copy_to_heap(it);
      break;
    case 2:
      take_slice(it);
      break;
    case 3:
      write_in_scope(arena, it, op);
      break;
    case 4:
      plan_shortage(op);
      break;
    case 5:
      begin_anew(it, arena);
      break;
    case 6:
      if (op->kind % 16 == 0) {
        misuse(arena, it);
      } else if (op->kind % 16 == 1) {
        clear(arena, op);
      } else if (op->kind % 16 == 2) {
        reserve_too_much(it, op);
      }
      break;
    default:
      write_somehow(it, op);
  }
}

static void begin(harena *arena) {
  for (size_t i = 0; i < WRITERS; i++) {
    begin_anew(&writers[i], arena);
  }
}

static void run_step(harena *arena, const step *op) {
  make_step(arena, op);
  check_contents(&writers[0]);
  check_contents(&writers[1]);
}

void play_buffers(const uint8_t *bytes, size_t size) { run_trial(bytes, size, begin, run_step); }
