#include "views.h"

#include <stdio.h>
#include <string.h>

#include "trial.h"

/* Without padding, so that all their bytes can be compared. */
typedef struct point {
  int32_t x, y, z;
} point;

typedef struct block {
  _Alignas(32) unsigned char bytes[64];
} block;

HARENA_VIEW(letter, char)
HARENA_VIEW(point, point)
HARENA_VIEW(block, block)

/* ---- The same calls for all types ------------------------------------------------------------ */

/* A view's functions, on untyped values. */
typedef struct face {
  size_t size;
  size_t align;
  harena_ref (*create)(harena *arena);
  harena_ref (*embed)(harena *arena, const void *value);
  void (*load)(const harena *arena, harena_ref ref, void *out);
  void *(*at)(const harena *arena, harena_ref ref);
  bool (*make)(harena *arena, size_t length, harena_bytes *out);
  bool (*make_with_capacity)(harena *arena, size_t length, size_t capacity, harena_bytes *out);
  bool (*append)(harena *arena, harena_bytes *array, const void *value);
  bool (*append_array)(harena *arena, harena_bytes *array, const void *values, size_t count);
  harena_bytes (*slice)(harena_bytes array, size_t low, size_t high);
  harena_ref (*get)(harena_bytes array, size_t index);
  size_t (*length)(harena_bytes array);
  size_t (*capacity)(harena_bytes array);
  void *(*items)(const harena *arena, harena_bytes array);
} face;

#define FACE(name, T)                                                                     \
  static harena_ref create_##name(harena *arena) { return name##_new(arena).ref; }        \
  static harena_ref embed_##name(harena *arena, const void *value) {                      \
    return name##_embed(arena, *(const T *)value).ref;                                    \
  }                                                                                       \
  static void load_##name(const harena *arena, harena_ref ref, void *out) {               \
    *(T *)out = name##_load(arena, (name##_ref){ref});                                    \
  }                                                                                       \
  static void *at_##name(const harena *arena, harena_ref ref) {                           \
    return name##_at(arena, (name##_ref){ref});                                           \
  }                                                                                       \
  static bool make_##name(harena *arena, size_t length, harena_bytes *out) {              \
    name##_buffer made = {*out};                                                          \
    bool done = name##_make(arena, length, &made);                                        \
    *out = made.bytes;                                                                    \
    return done;                                                                          \
  }                                                                                       \
  static bool make_with_capacity_##name(harena *arena, size_t length, size_t capacity,    \
                                        harena_bytes *out) {                              \
    name##_buffer made = {*out};                                                          \
    bool done = name##_make_with_capacity(arena, length, capacity, &made);                \
    *out = made.bytes;                                                                    \
    return done;                                                                          \
  }                                                                                       \
  static bool append_##name(harena *arena, harena_bytes *array, const void *value) {      \
    name##_buffer grown = {*array};                                                       \
    bool done = name##_append(arena, &grown, *(const T *)value);                          \
    *array = grown.bytes;                                                                 \
    return done;                                                                          \
  }                                                                                       \
  static bool append_array_##name(harena *arena, harena_bytes *array, const void *values, \
                                  size_t count) {                                         \
    name##_buffer grown = {*array};                                                       \
    bool done = name##_append_array(arena, &grown, values, count);                        \
    *array = grown.bytes;                                                                 \
    return done;                                                                          \
  }                                                                                       \
  static harena_bytes slice_##name(harena_bytes array, size_t low, size_t high) {         \
    return name##_slice((name##_buffer){array}, low, high).bytes;                         \
  }                                                                                       \
  static harena_ref get_##name(harena_bytes array, size_t index) {                        \
    return name##_get((name##_buffer){array}, index).ref;                                 \
  }                                                                                       \
  static size_t length_##name(harena_bytes array) {                                       \
    return name##_length((name##_buffer){array});                                         \
  }                                                                                       \
  static size_t capacity_##name(harena_bytes array) {                                     \
    return name##_capacity((name##_buffer){array});                                       \
  }                                                                                       \
  static void *items_##name(const harena *arena, harena_bytes array) {                    \
    return name##_items(arena, (name##_buffer){array});                                   \
  }                                                                                       \
  static const face face_of_##name = {                                                    \
      sizeof(T),     HARENA_ALIGNOF(T),   create_##name, embed_##name,                    \
      load_##name,   at_##name,           make_##name,   make_with_capacity_##name,       \
      append_##name, append_array_##name, slice_##name,  get_##name,                      \
      length_##name, capacity_##name,     items_##name,                                   \
  };

FACE(letter, char)
FACE(point, point)
FACE(block, block)

/* ---- What must be ---------------------------------------------------------------------------- */

enum { LISTS = 4, ONES = 8, MOST_ELEMENTS = 2048, LARGEST = sizeof(block), MOST_AT_ONCE = 40 };

/* An array and what it must hold. */
typedef struct list {
  const face *face;
  harena_bytes array;
  size_t length;
  _Alignas(block) unsigned char copy[MOST_ELEMENTS * LARGEST];
} list;

/* An element alone; no face: none. */
typedef struct one {
  const face *face;
  harena_ref ref;
  _Alignas(block) unsigned char copy[LARGEST];
} one;

static const face *const faces[] = {&face_of_letter, &face_of_point, &face_of_block};
enum { FACES = sizeof faces / sizeof *faces };

static list lists[LISTS];
static one ones[ONES];

static void check_list(const harena *arena, const list *it) {
  const face *calls = it->face;
  must(calls->length(it->array) == it->length);
  must(calls->capacity(it->array) >= it->length);
  const char *items = calls->items(arena, it->array);
  must((uintptr_t)items % calls->align == 0);
  must(it->length == 0 || memcmp(items, it->copy, it->length * calls->size) == 0);
}

static void check_one(const harena *arena, const one *it) {
  _Alignas(block) unsigned char loaded[LARGEST];
  must((uintptr_t)it->face->at(arena, it->ref) % it->face->align == 0);
  it->face->load(arena, it->ref, loaded);
  must(memcmp(loaded, it->copy, it->face->size) == 0);
}

static void check_all(const harena *arena) {
  for (size_t i = 0; i < LISTS; i++) {
    check_list(arena, &lists[i]);
  }
  for (size_t i = 0; i < ONES; i++) {
    if (ones[i].face) {
      check_one(arena, &ones[i]);
    }
  }
}

static bool is_same(harena_bytes a, harena_bytes b) {
  return a.data.address == b.data.address && a.data.epoch == b.data.epoch && a.length == b.length &&
         a.capacity == b.capacity;
}

/* ---- Elements -------------------------------------------------------------------------------- */

static void fill(unsigned char *to, size_t size, const step *op) {
  for (size_t i = 0; i < size; i++) {
    to[i] = (unsigned char)(op->number * 31 + op->kind + i * 7);
  }
}

static void make_one(harena *arena, one *it, const step *op) {
  const face *calls = faces[op->number % FACES];
  _Alignas(block) unsigned char value[LARGEST] = {0};
  bool is_zeroed = op->kind & 1;
  if (!is_zeroed) {
    fill(value, calls->size, op);
  }
  harena_ref ref = is_zeroed ? calls->create(arena) : calls->embed(arena, value);
  if (ref.epoch == 0) {
    must_be_short(arena);
    return;
  }
  it->face = calls;
  it->ref = ref;
  memcpy(it->copy, value, sizeof value);
}

static void write_one(harena *arena, one *it, const step *op) {
  if (it->face) {
    fill(it->copy, it->face->size, op);
    memcpy(it->face->at(arena, it->ref), it->copy, it->face->size);
  }
}

/* An element of an array, through a reference to it alone. */
static void write_element(harena *arena, list *it, const step *op) {
  if (it->length > 0) {
    size_t index = op->number % it->length;
    unsigned char *copy = it->copy + index * it->face->size;
    fill(copy, it->face->size, op);
    memcpy(it->face->at(arena, it->face->get(it->array, index)), copy, it->face->size);
  }
}

/* ---- Arrays ---------------------------------------------------------------------------------- */

static void make_list(harena *arena, list *it, const step *op) {
  size_t length = op->number % MOST_AT_ONCE;
  size_t spare = op->kind & 1 ? op->number / MOST_AT_ONCE % MOST_AT_ONCE : 0;
  const face *calls = faces[op->number % FACES];
  harena_bytes made = it->array;
  bool done = spare ? calls->make_with_capacity(arena, length, length + spare, &made)
                    : calls->make(arena, length, &made);
  if (!done) {
    must(is_same(made, it->array));
    must_be_short(arena);
    return;
  }
  must(calls->capacity(made) == length + spare);
  it->face = calls;
  it->array = made;
  it->length = length;
  memset(it->copy, 0, length * calls->size);
}

static void append(harena *arena, list *it, const step *op) {
  size_t count = op->kind & 1 ? op->number % MOST_AT_ONCE : 1;
  if (it->length + count > MOST_ELEMENTS) {
    return;
  }
  unsigned char *values = it->copy + it->length * it->face->size;
  harena_bytes before = it->array;
  fill(values, count * it->face->size, op);
  bool done = op->kind & 1 ? it->face->append_array(arena, &it->array, values, count)
                           : it->face->append(arena, &it->array, values);
  if (done) {
    it->length += count;
  } else {
    must(is_same(it->array, before));
    must_be_short(arena);
  }
}

/* No machine has as much, and the product may be more than a size can say. */
static void make_too_much(harena *arena, list *it, const step *op) {
  harena_bytes before = it->array;
  size_t count = SIZE_MAX / (1 + op->which % LARGEST) - op->number;
  must(count * it->face->size / it->face->size != count || count > PTRDIFF_MAX / 256);
  must(!it->face->make(arena, count, &it->array));
  must(!it->face->append_array(arena, &it->array, it->copy, count));
  must(is_same(it->array, before));
}

/* A list becomes a part of itself. Elements behind its length are written, as they are
 * undefined. */
static void slice(harena *arena, list *it, const step *op) {
  size_t size = it->face->size;
  size_t high = op->number % (it->face->capacity(it->array) + 1);
  size_t low = op->which / LISTS % (high + 1);
  if (high > MOST_ELEMENTS) {
    return;
  }
  it->array = it->face->slice(it->array, low, high);
  if (high > it->length) {
    size_t first = low > it->length ? low : it->length;
    unsigned char *copy = it->copy + first * size;
    fill(copy, (high - first) * size, op);
    if (high > first) {
      memcpy((char *)it->face->items(arena, it->array) + (first - low) * size, copy,
             (high - first) * size);
    }
  }
  it->length = high - low;
  memmove(it->copy, it->copy + low * size, it->length * size);
}

/* ---- Misuse ---------------------------------------------------------------------------------- */

static void get_behind(harena *arena, void *context) {
  (void)arena;
  const list *it = context;
  it->face->get(it->array, it->length);
}

static void slice_behind(harena *arena, void *context) {
  (void)arena;
  const list *it = context;
  it->face->slice(it->array, 0, it->face->capacity(it->array) + 1);
}

static void slice_backwards(harena *arena, void *context) {
  (void)arena;
  const list *it = context;
  it->face->slice(it->array, 1, 0);
}

static void misuse_list(harena *arena, list *it) {
  must_panic("out of range: index", get_behind, arena, it);
  must_panic("out of range: slice", slice_behind, arena, it);
  must_panic("out of range: slice", slice_backwards, arena, it);
}

static void use_items(harena *arena, void *context) {
  const list *it = context;
  it->face->items(arena, it->array);
}

static void use_one(harena *arena, void *context) {
  const one *it = context;
  it->face->at(arena, it->ref);
}

/* ---- The arena ------------------------------------------------------------------------------- */

static void begin(harena *arena) {
  (void)arena;
  for (size_t i = 0; i < LISTS; i++) {
    lists[i] = (list){.face = faces[i % FACES]};
  }
  memset(ones, 0, sizeof ones);
}

static void check_stale(harena *arena) {
  if (lists[0].array.data.epoch != 0) {
    must_panic("stale", use_items, arena, &lists[0]);
  }
  if (ones[0].face) {
    must_panic("stale", use_one, arena, &ones[0]);
  }
}

static void clear(harena *arena) {
  harena_clear(arena);
  check_stale(arena);
  begin(arena);
}

/* What is made behind the mark ends with it; what grows within its capacity lives on. */
static void append_in_scope(harena *arena, list *it, const step *op) {
  static one inner;
  harena_mark mark = harena_save(arena);
  if (!mark.arena) {
    must_be_short(arena);
    return;
  }
  inner.face = NULL;
  make_one(arena, &inner, op);
  if (it->face->capacity(it->array) > it->length) {
    append(arena, it, &(step){.kind = 0, .number = op->number});
  }
  check_list(arena, it);
  harena_rewind(arena, mark);
  if (inner.face) {
    must_panic("stale", use_one, arena, &inner);
  }
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static void make_rare_step(harena *arena, list *it, const step *op) {
  switch (op->kind % 8) {
    case 0:
      clear(arena);
      break;
    case 1:
      misuse_list(arena, it);
      break;
    case 2:
      make_too_much(arena, it, op);
      break;
    default:
      append_in_scope(arena, it, op);
  }
}

static void make_step(harena *arena, const step *op) {
  list *it = &lists[op->which % LISTS];
  one *alone = &ones[op->which % ONES];
  switch (op->kind / 16) {
    case 0:
      make_rare_step(arena, it, op);
      break;
    case 1:
      plan_shortage(op);
      break;
    case 2:
      allocate_between(arena, op);
      break;
    case 3:
    case 4:
      make_one(arena, alone, op);
      break;
    case 5:
      write_one(arena, alone, op);
      break;
    case 6:
      write_element(arena, it, op);
      break;
    case 7:
      slice(arena, it, op);
      break;
    case 8:
      make_list(arena, it, op);
      break;
    default:
      append(arena, it, op);
  }
}

static void run_step(harena *arena, const step *op) {
  make_step(arena, op);
  check_all(arena);
}

void play_views(const uint8_t *bytes, size_t size) { run_trial(bytes, size, begin, run_step); }
