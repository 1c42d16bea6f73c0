/* Slices and buffers: memory kept over a growth that moved, room that no slice has reached, and
 * slices that are used after their end. */
#include "sites.h"

SITE static harena_bytes make_slice(harena *arena) {
  harena_bytes slice = {{NULL, 0}, 0, 0};
  bool done = harena_bytes_make(arena, RECORD, RECORD, &slice); /* at make_slice */
  fill_record(harena_bytes_view(arena, slice).data);
  return done ? slice : (harena_bytes){{NULL, 0}, 0, 0};
}

SITE static void append_to_slice(harena *arena, harena_bytes *slice) {
  (void)!harena_bytes_append(arena, slice, "and more", 8); /* at append_to_slice */
}

SITE static char *view_slice(const harena *arena, harena_bytes slice) {
  return harena_bytes_view(arena, slice).data; /* at view_slice */
}

SITE static void make_buffer(harena_buffer *buffer, harena *arena) {
  harena_buffer_init(buffer, arena);
  char *record = harena_buffer_reserve(buffer, RECORD); /* at make_buffer */
  fill_record(record);
  harena_buffer_commit(buffer, RECORD);
}

SITE static void write_to_buffer(harena_buffer *buffer) {
  (void)!harena_buffer_write(buffer, "and more", 8); /* at write_to_buffer */
}

SITE static char *view_buffer(const harena_buffer *buffer) {
  return harena_buffer_view(buffer).data; /* at view_buffer */
}

/* ---- Kept over a growth ---- */

/* The near miss looks again where the slice is. */
static void move_slice(const struct trial *trial, harena *arena) {
  harena_bytes slice = make_slice(arena);
  char *old = view_slice(arena, slice);
  allocate_neighbour(arena, 64);
  append_to_slice(arena, &slice);
  touch_record(trial, trial->bug ? old : view_slice(arena, slice));
  conclude(arena);
}

static void slice_moved(const struct trial *trial) { move_slice(trial, open_request()); }

static void slice_moved_limited(const struct trial *trial) { move_slice(trial, open_limited()); }

static void slice_moved_counted(const struct trial *trial) {
  move_slice(trial, open_with_flags(HARENA_COUNT));
}

static void slice_moved_in_child(const struct trial *trial) {
  harena *session = open_session();
  move_slice(trial, open_child(session));
  conclude(session);
}

/* Others share what a sub-slice leaves. */
static void sub_slice_moved(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_slice(arena);
  char *old = view_slice(arena, slice);
  harena_bytes part = harena_bytes_slice(slice, trial->bug ? 0 : 1, RECORD);
  allocate_neighbour(arena, 64);
  append_to_slice(arena, &part);
  touch_record(trial, old);
  conclude(arena);
}

static void buffer_moved(const struct trial *trial) {
  harena *arena = open_request();
  harena_buffer buffer;
  make_buffer(&buffer, arena);
  char *old = view_buffer(&buffer);
  allocate_neighbour(arena, 64);
  write_to_buffer(&buffer);
  touch_record(trial, trial->bug ? old : view_buffer(&buffer));
  conclude(arena);
}

/* ---- Behind the length ---- */

enum { ROOM = 64 };

SITE static harena_bytes make_room(harena *arena, size_t length) {
  harena_bytes slice = {{NULL, 0}, 0, 0};
  bool done = harena_bytes_make(arena, length, ROOM, &slice); /* at make_room */
  return done ? slice : (harena_bytes){{NULL, 0}, 0, 0};
}

static void write_behind(const struct trial *trial, harena *arena, size_t length) {
  harena_bytes slice = make_room(arena, length);
  write_byte(view_slice(arena, slice) + length - (trial->bug ? 0 : 1));
  conclude(arena);
}

/* The variant is the length: every way to lie in a granule of 8. */
static void write_behind_length(const struct trial *trial) {
  write_behind(trial, open_request(), trial_number(trial));
}

static void write_behind_length_limited(const struct trial *trial) {
  write_behind(trial, open_limited(), 5);
}

static void write_behind_length_counted(const struct trial *trial) {
  write_behind(trial, open_with_flags(HARENA_COUNT), 5);
}

static void write_behind_length_in_child(const struct trial *trial) {
  harena *session = open_session();
  write_behind(trial, open_child(session), 5);
  conclude(session);
}

static void read_behind_length(const struct trial *trial) {
  harena *arena = open_request();
  size_t length = trial_number(trial);
  harena_bytes slice = make_room(arena, length);
  read_byte(view_slice(arena, slice) + length - (trial->bug ? 0 : 1));
  conclude(arena);
}

/* An append opens what it writes, and no more. */
static void write_behind_append(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_room(arena, 5);
  append_to_slice(arena, &slice);
  write_byte(view_slice(arena, slice) + (trial->bug ? 13 : 12));
  conclude(arena);
}

/* What was overwritten is noticed before it is overwritten once more. */
static void append_over_overrun(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_room(arena, 5);
  write_byte(view_slice(arena, slice) + (trial->bug ? 5 : 4));
  append_to_slice(arena, &slice);
  conclude(arena);
}

/* The near miss opens the byte first. */
static void write_behind_slice(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_room(arena, 5);
  harena_bytes part = harena_bytes_slice(slice, 3, trial->bug ? 9 : 10);
  write_byte(view_slice(arena, part) + 6);
  conclude(arena);
}

/* Room that a growth in place has gained is as closed as any. */
static void write_behind_growth(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_room(arena, ROOM);
  append_to_slice(arena, &slice);
  write_byte(view_slice(arena, slice) + ROOM + (trial->bug ? 8 : 7));
  conclude(arena);
}

static void write_behind_buffer(const struct trial *trial) {
  harena *arena = open_request();
  harena_buffer buffer;
  make_buffer(&buffer, arena);
  write_to_buffer(&buffer);
  write_byte(view_buffer(&buffer) + RECORD + (trial->bug ? 8 : 7));
  conclude(arena);
}

/* Room that was reserved is open, whether it is committed or not. */
static void write_behind_reserve(const struct trial *trial) {
  harena *arena = open_request();
  harena_buffer buffer;
  make_buffer(&buffer, arena);
  char *room = harena_buffer_reserve(&buffer, 13);
  write_byte(room + (trial->bug ? 13 : 12));
  conclude(arena);
}

/* ---- After the end ---- */

static void stale_slice(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_slice(arena);
  if (trial->bug) {
    finish_request(arena);
  }
  read_byte(view_slice(arena, slice));
  conclude(arena);
}

/* A copy of the slice that did not grow with it. */
static void stale_slice_after_move(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_slice(arena);
  harena_bytes copy = slice;
  allocate_neighbour(arena, 64);
  append_to_slice(arena, &slice);
  read_byte(view_slice(arena, trial->bug ? copy : slice));
  conclude(arena);
}

static void stale_sub_slice_after_move(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_slice(arena);
  harena_bytes part = harena_bytes_slice(slice, 9, 20);
  allocate_neighbour(arena, 64);
  append_to_slice(arena, &slice);
  read_byte(view_slice(arena, trial->bug ? part : harena_bytes_slice(slice, 9, 20)));
  conclude(arena);
}

static void stale_buffer(const struct trial *trial) {
  harena *arena = open_request();
  harena_buffer buffer;
  make_buffer(&buffer, arena);
  if (trial->bug) {
    finish_request(arena);
  }
  write_to_buffer(&buffer);
  conclude(arena);
}

/* ---- Bounds ---- */

/* What the view defines is the program's own. */
HARENA_VIEW(word, unsigned long) /* at word_get */

static void index_out_of_range(const struct trial *trial) {
  harena *arena = open_request();
  word_buffer words = {make_slice(arena)};
  word_ref last = word_get(words, word_length(words) - (trial->bug ? 0 : 1));
  read_byte((char *)word_at(arena, last));
  conclude(arena);
}

SITE static harena_bytes take_part(harena_bytes slice, size_t low, size_t high) {
  return harena_bytes_slice(slice, low, high); /* at take_part */
}

static void slice_out_of_range(const struct trial *trial) {
  harena *arena = open_request();
  harena_bytes slice = make_slice(arena);
  read_byte(view_slice(arena, take_part(slice, 1, RECORD + (trial->bug ? 1 : 0))));
  conclude(arena);
}

const detection_case slice_cases[] = {
    {"slice-moved", slice_moved},
    {"slice-moved-limited", slice_moved_limited},
    {"slice-moved-counted", slice_moved_counted},
    {"slice-moved-in-child", slice_moved_in_child},
    {"sub-slice-moved", sub_slice_moved},
    {"buffer-moved", buffer_moved},
    {"write-behind-length", write_behind_length},
    {"write-behind-length-limited", write_behind_length_limited},
    {"write-behind-length-counted", write_behind_length_counted},
    {"write-behind-length-in-child", write_behind_length_in_child},
    {"read-behind-length", read_behind_length},
    {"write-behind-append", write_behind_append},
    {"append-over-overrun", append_over_overrun},
    {"write-behind-slice", write_behind_slice},
    {"write-behind-growth", write_behind_growth},
    {"write-behind-buffer", write_behind_buffer},
    {"write-behind-reserve", write_behind_reserve},
    {"stale-slice", stale_slice},
    {"stale-slice-after-move", stale_slice_after_move},
    {"stale-sub-slice-after-move", stale_sub_slice_after_move},
    {"stale-buffer", stale_buffer},
    {"index-out-of-range", index_out_of_range},
    {"slice-out-of-range", slice_out_of_range},
    {NULL, NULL},
};
