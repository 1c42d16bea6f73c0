/* Typed views: references and growing arrays of one type, checked by the compiler.
 *
 *     HARENA_VIEW(point, struct point)
 *
 *     point_ref origin = point_new(arena);                          zeroed
 *     point_ref there = point_embed(arena, (struct point){3, 4});
 *     point_at(arena, there)->x = 5;                                a checked pointer
 *     struct point copy = point_load(arena, there);
 *
 *     point_buffer path = {0};
 *     point_append(arena, &path, copy);
 *     point_ref first = point_get(path, 0);                         panics out of range
 *     struct point *all = point_items(arena, path);                 point_length(path) of them
 *
 * A point_ref is no circle_ref: mixing them up does not compile. HARENA_VIEW(name, T), at file
 * scope and without a semicolon, defines, all static inline:
 *
 *     name_ref                                        a reference to one T; {0} is null
 *     name_buffer                                     a slice of T, as harena_bytes; {0} is empty
 *     name_ref name_new(arena)                        zeroed; null on shortage
 *     name_ref name_embed(arena, value)               a copy; null on shortage
 *     T name_load(arena, ref)                         the value; panics when stale, foreign or null
 *     T *name_at(arena, ref)                          where it is; panics likewise
 *     bool name_make(arena, length, &buffer)          zeroed; false on shortage
 *     bool name_make_with_capacity(arena, length, capacity, &buffer)
 *     bool name_append(arena, &buffer, value)         false on shortage, and nothing changed
 *     bool name_append_array(arena, &buffer, values, count)
 *     name_buffer name_slice(buffer, low, high)       shares memory; high may reach the capacity
 *     name_ref name_get(buffer, index)                the i-th element; panics out of range
 *     size_t name_length(buffer)
 *     size_t name_capacity(buffer)
 *     T *name_items(arena, buffer)                    where they are, until the next growth or
 *                                                     clear; NULL for {0}; panics when stale
 *
 * Lengths, capacities and indexes count elements. T is any complete type of at least one byte that
 * can be assigned and be an element of an array, so its size is a multiple of its alignment, which
 * is kept. What bytes.h says of growth, sharing, failures, panics, cost and the instrumented build
 * holds for these too: they are the same slices.
 *
 * With external linkage, for a type of a public header: HARENA_VIEW_DECLARE(name, T) in the header,
 * HARENA_VIEW_DEFINE(name, T) in one source file that includes it. */
#ifndef HARENA_VIEW_H
#define HARENA_VIEW_H

#include <harena/bytes.h>

#define HARENA_VIEW(name, T) \
  HARENA__VIEW_TYPES(name)   \
  HARENA__VIEW_FUNCTIONS(static inline HARENA_ATTRIBUTE(unused), name, T)

#define HARENA_VIEW_DECLARE(name, T) \
  HARENA_BEGIN_C                     \
  HARENA__VIEW_TYPES(name)           \
  HARENA__VIEW_PROTOTYPES(name, T)   \
  HARENA_END_C

#define HARENA_VIEW_DEFINE(name, T) \
  HARENA_BEGIN_C                    \
  HARENA__VIEW_FUNCTIONS(, name, T) \
  HARENA_END_C

/* One struct for each view, so that the compiler tells them apart. */
#define HARENA__VIEW_TYPES(name) \
  typedef struct name##_ref {    \
    harena_ref ref;              \
  } name##_ref;                  \
  typedef struct name##_buffer { \
    harena_bytes bytes;          \
  } name##_buffer;

#define HARENA__VIEW_PROTOTYPES(name, T)                                             \
  name##_ref name##_new(harena *arena_);                                             \
  name##_ref name##_embed(harena *arena_, T value_);                                 \
  T name##_load(const harena *arena_, name##_ref ref_);                              \
  T *name##_at(const harena *arena_, name##_ref ref_);                               \
  bool name##_make(harena *arena_, size_t length_, name##_buffer *out_);             \
  bool name##_make_with_capacity(harena *arena_, size_t length_, size_t capacity_,   \
                                 name##_buffer *out_);                               \
  bool name##_append(harena *arena_, name##_buffer *buffer_, T value_);              \
  bool name##_append_array(harena *arena_, name##_buffer *buffer_, const T *values_, \
                           size_t count_);                                           \
  name##_buffer name##_slice(name##_buffer buffer_, size_t low_, size_t high_);      \
  name##_ref name##_get(name##_buffer buffer_, size_t index_);                       \
  size_t name##_length(name##_buffer buffer_);                                       \
  size_t name##_capacity(name##_buffer buffer_);                                     \
  T *name##_items(const harena *arena_, name##_buffer buffer_);

/* Lengths are divided by the size: an empty struct has none in C, nor has an array of no elements.
 * A typedef can have an alignment that does not divide its size; elements would not be aligned.
 * The trailing underscores keep -Wshadow quiet in programs whose globals have such names. */
#define HARENA__VIEW_FUNCTIONS(linkage, name, T)                                                   \
  HARENA_STATIC_ASSERT(sizeof(T) > 0, "a view needs a type of at least one byte");                 \
  HARENA_STATIC_ASSERT(sizeof(T) % HARENA_ALIGNOF(T) == 0,                                         \
                       "a view needs a type whose size is a multiple of its alignment");           \
  linkage name##_ref name##_new(harena *arena_) {                                                  \
    T *place_ = harena_new_zeroed(arena_, T);                                                      \
    name##_ref ref_ = {harena_ref_to(arena_, place_)};                                             \
    return ref_;                                                                                   \
  }                                                                                                \
  linkage name##_ref name##_embed(harena *arena_, T value_) {                                      \
    T *place_ = harena_new(arena_, T);                                                             \
    name##_ref ref_ = {harena_ref_to(arena_, place_)};                                             \
    if (HARENA_LIKELY(place_ != NULL)) {                                                           \
      *place_ = value_;                                                                            \
    }                                                                                              \
    return ref_;                                                                                   \
  }                                                                                                \
  linkage T *name##_at(const harena *arena_, name##_ref ref_) {                                    \
    return (T *)harena_deref(arena_, ref_.ref);                                                    \
  }                                                                                                \
  linkage T name##_load(const harena *arena_, name##_ref ref_) {                                   \
    return *name##_at(arena_, ref_);                                                               \
  }                                                                                                \
  linkage bool name##_make_with_capacity(harena *arena_, size_t length_, size_t capacity_,         \
                                         name##_buffer *out_) {                                    \
    bool done_ = harena__bytes_make(arena_, harena__array_size(length_, sizeof(T)),                \
                                    harena__array_size(capacity_, sizeof(T)), HARENA_ALIGNOF(T),   \
                                    &out_->bytes);                                                 \
    HARENA_KEEP_FRAME();                                                                           \
    return done_;                                                                                  \
  }                                                                                                \
  linkage bool name##_make(harena *arena_, size_t length_, name##_buffer *out_) {                  \
    return name##_make_with_capacity(arena_, length_, length_, out_);                              \
  }                                                                                                \
  linkage bool name##_append_array(harena *arena_, name##_buffer *buffer_, const T *values_,       \
                                   size_t count_) {                                                \
    return harena__bytes_append_in_place(arena_, &buffer_->bytes, values_,                         \
                                         harena__array_size(count_, sizeof(T)),                    \
                                         HARENA_ALIGNOF(T));                                       \
  }                                                                                                \
  linkage bool name##_append(harena *arena_, name##_buffer *buffer_, T value_) {                   \
    return name##_append_array(arena_, buffer_, &value_, 1);                                       \
  }                                                                                                \
  linkage size_t name##_length(name##_buffer buffer_) { return buffer_.bytes.length / sizeof(T); } \
  linkage size_t name##_capacity(name##_buffer buffer_) {                                          \
    return buffer_.bytes.capacity / sizeof(T);                                                     \
  }                                                                                                \
  linkage name##_buffer name##_slice(name##_buffer buffer_, size_t low_, size_t high_) {           \
    if (low_ > high_ || high_ > name##_capacity(buffer_)) {                                        \
      harena__slice_out_of_range(buffer_.bytes.data.address, low_, high_, name##_length(buffer_),  \
                                 name##_capacity(buffer_));                                        \
    }                                                                                              \
    name##_buffer part_ = {                                                                        \
        harena_bytes_slice(buffer_.bytes, low_ * sizeof(T), high_ * sizeof(T))};                   \
    return part_;                                                                                  \
  }                                                                                                \
  linkage name##_ref name##_get(name##_buffer buffer_, size_t index_) {                            \
    if (index_ >= name##_length(buffer_)) {                                                        \
      harena__index_out_of_range(buffer_.bytes.data.address, index_, name##_length(buffer_));      \
    }                                                                                              \
    name##_ref ref_ = {buffer_.bytes.data};                                                        \
    ref_.ref.address = (char *)ref_.ref.address + index_ * sizeof(T);                              \
    return ref_;                                                                                   \
  }                                                                                                \
  linkage T *name##_items(const harena *arena_, name##_buffer buffer_) {                           \
    return (T *)(void *)harena_bytes_view(arena_, buffer_.bytes).data;                             \
  }

#endif
