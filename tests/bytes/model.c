#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/faults.h"

enum { SLICES = 6, MOST_BYTES = 1 << 20, FIXED = 1 << 16 };

/* What a slice or the buffer must hold. */
typedef struct copy {
  char *data;
  size_t length;
} copy;

typedef struct model {
  const model_home *home;
  const uint8_t *input; /* of this step */
  size_t left;
  size_t step;
  harena *parent;
  harena *arena;
  harena_bytes slices[SLICES];
  copy copies[SLICES];
  harena_buffer buffer;
  copy text;
} model;

const model_home model_homes[] = {
    {.name = "growing"},
    {.name = "limited", .options = {.limit = 20000}},
    {.name = "counted", .options = {.flags = HARENA_COUNT}},
    {.name = "recycling", .options = {.flags = HARENA_RECYCLE}},
    {.name = "wiping", .options = {.flags = HARENA_ZERO_ON_CLEAR}},
    {.name = "fixed", .buffer_size = FIXED},
    {.name = "child", .parent_limit = 60000},
    {.name = "counted child",
     .options = {.flags = HARENA_COUNT | HARENA_CLEAR_PARENT},
     .parent_limit = 1 << 20},
};
const size_t model_home_count = sizeof model_homes / sizeof model_homes[0];

static _Alignas(16) char fixed_buffer[FIXED];

#define expect(it, condition)                                            \
  do {                                                                   \
    if (!(condition)) {                                                  \
      model_failed((it)->home, (it)->step, "not " #condition, __LINE__); \
    }                                                                    \
  } while (0)

/* ---- The input ---- */

static uint8_t take(model *it) {
  if (it->left == 0) {
    return 0;
  }
  it->left--;
  return *it->input++;
}

static size_t below(model *it, size_t end) {
  size_t number = take(it);
  return (number << 8 | take(it)) % end;
}

/* Mostly small. */
static size_t take_size(model *it) {
  size_t kind = take(it);
  return kind < 200 ? kind % 40 : below(it, kind < 250 ? 2000 : 20000);
}

/* ---- The copies ---- */

/* The model's own memory never fails. Only steps ask for it. */
static char *resized(char *memory, size_t size) {
  let_faults_happen(false);
  char *place = realloc(memory, size);
  let_faults_happen(true);
  if (!place) {
    abort();
  }
  return place;
}

static char *filled(char byte, size_t size) {
  char *place = resized(NULL, size + 1);
  memset(place, byte, size);
  return place;
}

static void append_copy(copy *to, const char *data, size_t length) {
  to->data = resized(to->data, to->length + length + 1);
  if (length > 0) {
    memcpy(to->data + to->length, data, length);
  }
  to->length += length;
}

static void keep_part(copy *it, size_t low, size_t high) {
  if (high > low) {
    memmove(it->data, it->data + low, high - low);
  }
  it->length = high - low;
}

static void drop_copy(copy *it) {
  free(it->data);
  *it = (copy){NULL, 0};
}

/* Text that no step repeats. */
static char *new_text(const model *it, size_t length) {
  char *text = filled('\0', length + 1);
  for (size_t i = 0; i < length; i++) {
    text[i] = (char)('!' + (it->step * 31 + i * 7) % 90);
  }
  return text;
}

static bool holds(harena_span span, const copy *it) {
  return span.length == it->length &&
         (span.length == 0 || memcmp(span.data, it->data, span.length) == 0);
}

static void check_all(model *it) {
  for (size_t i = 0; i < SLICES; i++) {
    expect(it, it->slices[i].length <= it->slices[i].capacity);
    expect(it, holds(harena_bytes_view(it->arena, it->slices[i]), &it->copies[i]));
  }
  expect(it, holds(harena_buffer_view(&it->buffer), &it->text));
  expect(it, harena_buffer_length(&it->buffer) == it->text.length);
  harena_metrics now = harena_measure(it->arena);
  expect(it, now.used_bytes <= now.capacity_bytes && now.peak_bytes >= now.used_bytes);
}

/* ---- Steps ---- */

/* Whether a failure is one that this home can have. */
static void check_failure(model *it) {
  harena_status why = harena_last_status(it->arena);
  bool bounded = it->home->options.limit || it->home->buffer_size || it->home->parent_limit;
  expect(it, bounded || faults_happened());
  expect(it, why == HARENA_LIMIT || why == HARENA_NO_MEMORY);
}

static bool is_same(harena_bytes a, harena_bytes b) {
  return a.data.address == b.data.address && a.data.epoch == b.data.epoch && a.length == b.length &&
         a.capacity == b.capacity;
}

static void step_make(model *it, size_t i) {
  size_t length = take_size(it);
  size_t capacity = length + take_size(it);
  harena_bytes before = it->slices[i];
  if (!harena_bytes_make(it->arena, length, capacity, &it->slices[i])) {
    expect(it, is_same(it->slices[i], before));
    check_failure(it);
    return;
  }
  expect(it, it->slices[i].length == length && it->slices[i].capacity == capacity);
  drop_copy(&it->copies[i]);
  it->copies[i] = (copy){filled('\0', length), length};
}

static void step_embed(model *it, size_t i) {
  size_t length = take_size(it);
  char *text = new_text(it, length);
  harena_bytes before = it->slices[i];
  if (harena_bytes_embed(it->arena, text, length, &it->slices[i])) {
    drop_copy(&it->copies[i]);
    append_copy(&it->copies[i], text, length);
  } else {
    expect(it, is_same(it->slices[i], before));
    check_failure(it);
  }
  free(text);
}

/* In one of the ways there are; behind the data lies a byte that may be its NUL. */
static bool append_somehow(const model *it, harena_bytes *slice, const char *data, size_t length) {
  if (length == 1) {
    return harena_bytes_append_byte(it->arena, slice, *data);
  }
  if (data[length] == '\0' && it->step % 2 == 0) {
    return harena_bytes_append_string(it->arena, slice, data);
  }
  return harena_bytes_append(it->arena, slice, data, length);
}

static void append(model *it, size_t i, const char *data, size_t length) {
  harena_bytes before = it->slices[i];
  if (append_somehow(it, &it->slices[i], data, length)) {
    append_copy(&it->copies[i], data, length);
  } else {
    expect(it, is_same(it->slices[i], before));
    check_failure(it);
  }
}

static void step_append(model *it, size_t i) {
  size_t length = take_size(it);
  char *text = new_text(it, length);
  append(it, i, text, length);
  free(text);
}

static void step_append_itself(model *it, size_t i) {
  size_t low = below(it, it->slices[i].length + 1);
  size_t length = it->slices[i].length - low;
  if (length == 0 || it->slices[i].length > MOST_BYTES) {
    return;
  }
  char *text = resized(NULL, length);
  memcpy(text, it->copies[i].data + low, length);
  harena_span span = harena_bytes_view(it->arena, it->slices[i]);
  harena_bytes before = it->slices[i];
  if (harena_bytes_append(it->arena, &it->slices[i], span.data + low, length)) {
    append_copy(&it->copies[i], text, length);
  } else {
    expect(it, is_same(it->slices[i], before));
    check_failure(it);
  }
  free(text);
}

/* A slice becomes a part of itself; bytes behind its length are written, as they are undefined. */
static void step_slice(model *it, size_t i) {
  size_t high = below(it, it->slices[i].capacity + 1);
  size_t low = below(it, high + 1);
  size_t length = it->slices[i].length;
  it->slices[i] = harena_bytes_slice(it->slices[i], low, high);
  harena_span span = harena_bytes_view(it->arena, it->slices[i]);
  if (high > length) {
    size_t from = low > length ? low : length;
    if (high > from) {
      memset(span.data + (from - low), 'u', high - from);
    }
    size_t more = high - length;
    char *unwritten = filled('u', more);
    append_copy(&it->copies[i], unwritten, more);
    free(unwritten);
  }
  if (it->copies[i].data) {
    keep_part(&it->copies[i], low, high);
  }
}

static void step_write_through(model *it, size_t i) {
  size_t high = below(it, it->slices[i].length + 1);
  size_t low = below(it, high + 1);
  harena_bytes part = harena_bytes_slice(it->slices[i], low, high);
  harena_span span = harena_bytes_view(it->arena, part);
  if (span.length > 0) {
    memset(span.data, 'w', span.length);
    memset(it->copies[i].data + low, 'w', span.length);
  }
}

static void check_string(const model *it, char *string, size_t i) {
  size_t length = it->slices[i].length;
  expect(it, string[length] == '\0' && holds((harena_span){string, length}, &it->copies[i]));
}

/* What the heap has no memory for is no failure of the arena. */
static void copy_to_heap(const model *it, size_t i) {
  char *string = harena_bytes_string_to_heap(it->arena, it->slices[i]);
  void *copied = harena_bytes_to_heap(it->arena, it->slices[i]);
  expect(it, (string && copied) || faults_happened());
  if (string) {
    check_string(it, string, i);
  }
  if (copied) {
    expect(it, holds((harena_span){copied, it->slices[i].length}, &it->copies[i]));
  }
  free(string);
  free(copied);
}

static void step_copies(model *it, size_t i) {
  copy_to_heap(it, i);
  char *string = harena_bytes_string(it->arena, it->slices[i]);
  if (string) {
    check_string(it, string, i);
  } else {
    check_failure(it);
  }
}

static void after_write(model *it, bool done, const char *text, size_t length) {
  if (done) {
    append_copy(&it->text, text, length);
  } else {
    expect(it, harena_buffer_failed(&it->buffer));
    check_failure(it);
    harena_buffer_init(&it->buffer, it->arena);
    it->text.length = 0;
  }
}

static void step_buffer(model *it, size_t i) {
  size_t length = take_size(it);
  char *text = new_text(it, length);
  if (i == 0) {
    after_write(it, harena_buffer_printf(&it->buffer, "%s", text), text, length);
  } else if (i == 1 && length > 0) {
    after_write(it, harena_buffer_write_byte(&it->buffer, *text), text, 1);
  } else if (i == 2) {
    char *room = harena_buffer_reserve(&it->buffer, length);
    if (room) {
      memcpy(room, text, length);
      harena_buffer_commit(&it->buffer, length);
    }
    after_write(it, room != NULL, text, length);
  } else {
    after_write(it, harena_buffer_write(&it->buffer, text, length), text, length);
  }
  free(text);
}

/* So that slices are not always what was allocated last. */
static void step_block(model *it) {
  size_t size = take_size(it);
  char *block = harena_alloc(it->arena, size, 8);
  if (block) {
    memset(block, 'b', size);
  } else {
    check_failure(it);
  }
}

/* What is made behind a mark ends with it; the others live on, also when they grew within their
 * capacity meanwhile. */
static void step_scope(model *it, size_t i) {
  harena_mark mark = harena_save(it->arena);
  harena_bytes inner = {{NULL, 0}, 0, 0};
  if (!mark.arena || !harena_bytes_append_string(it->arena, &inner, "inner")) {
    check_failure(it);
  }
  size_t room = it->slices[i].capacity - it->slices[i].length;
  char *text = new_text(it, room);
  append(it, i, text, room > 20 ? 20 : room);
  free(text);
  check_all(it);
  if (mark.arena) {
    harena_rewind(it->arena, mark);
    expect(it, !harena_try_deref(it->arena, inner.data));
  }
}

static void forget_all(model *it) {
  for (size_t i = 0; i < SLICES; i++) {
    it->slices[i] = (harena_bytes){{NULL, 0}, 0, 0};
    drop_copy(&it->copies[i]);
  }
  drop_copy(&it->text);
}

static void step_clear(model *it) {
  harena_bytes old = it->slices[0];
  harena_clear(it->arena);
  expect(it, !harena_try_deref(it->arena, old.data));
  forget_all(it);
  harena_buffer_init(&it->buffer, it->arena);
}

static void step_shortage(model *it) {
  size_t after = take(it) % 4;
  plan_faults(after, 1 + take(it) % 4);
}

static void make_step(model *it) {
  size_t i = take(it) % SLICES;
  switch (take(it) % 32) {
    case 0:
      step_make(it, i);
      break;
    case 1:
      step_embed(it, i);
      break;
    case 2:
      step_append_itself(it, i);
      break;
    case 3:
      step_slice(it, i);
      break;
    case 4:
      step_write_through(it, i);
      break;
    case 5:
      step_copies(it, i);
      break;
    case 6:
    case 7:
      step_block(it);
      break;
    case 8:
      step_scope(it, i);
      break;
    case 9:
      if (take(it) % 4 == 0) {
        step_clear(it);
      }
      break;
    case 10:
      step_shortage(it);
      break;
    default:
      if (take(it) % 3 == 0) {
        step_buffer(it, i);
      } else {
        step_append(it, i);
      }
  }
}

/* ---- The arena ---- */

static void open_home(model *it) {
  harena_options options = it->home->options;
  if (it->home->buffer_size) {
    it->arena = harena_open_in(fixed_buffer, it->home->buffer_size, &options);
  } else {
    if (it->home->parent_limit) {
      it->parent = harena_open(&(harena_options){.limit = it->home->parent_limit});
      options.parent = it->parent;
    }
    it->arena = harena_open(&options);
  }
  expect(it, it->arena != NULL);
  harena_buffer_init(&it->buffer, it->arena);
}

void run_model(const model_home *home, const uint8_t *input, size_t size) {
  model it = {.home = home};
  forget_faults();
  open_home(&it);
  for (; it.step < size / CALL_BYTES; it.step++) {
    it.input = input + it.step * CALL_BYTES;
    it.left = CALL_BYTES;
    let_faults_happen(true);
    make_step(&it);
    let_faults_happen(false);
    check_all(&it);
  }
  expect(&it, harena_check(it.arena) == 0);
  forget_all(&it);
  harena_close(it.arena);
  harena_close(it.parent);
}
