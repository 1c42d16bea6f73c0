#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "failure.h"
#include "hooks.h"
#include "mark.h"
#include "reference.h"
#include "slice.h"

/* ---- Making ---- */

static const harena_bytes empty = {{NULL, 0}, 0, 0};

/* A slice of a new block, opened up to `length`. */
static bool take_block(harena__arena *arena, size_t length, size_t capacity, size_t align,
                       harena_bytes *out) {
  char *block = harena__allocate(arena, capacity, align);
  if (!block) {
    return false;
  }
  harena__block_narrowed(arena, block, length);
  *out = (harena_bytes){{block, harena__epoch_of(arena, block)}, length, capacity};
  return true;
}

bool harena__bytes_make(harena *handle, size_t length, size_t capacity, size_t align,
                        harena_bytes *out) {
  if (!harena__entered(handle)) {
    return false;
  }
  harena__arena *arena = harena__record(handle);
  if (length > capacity) {
    return harena__fail(arena, HARENA_INVALID, length) != NULL;
  }
  harena_bytes made = empty;
  if (capacity > 0 && !take_block(arena, length, capacity, align, &made)) {
    return false;
  }
  if (length > 0) {
    memset(made.data.address, 0, length);
  }
  *out = made;
  return true;
}

bool harena__bytes_embed(harena *handle, const void *source, size_t length, harena_bytes *out) {
  if (!harena__entered(handle)) {
    return false;
  }
  harena_bytes made = empty;
  if (length > 0) {
    if (!take_block(harena__record(handle), length, length, 1, &made)) {
      return false;
    }
    memcpy(made.data.address, source, length);
  }
  *out = made;
  return true;
}

/* ---- Growing ---- */

/* Small slices would grow at every other append. */
enum { LEAST_CAPACITY = 16 };

/* How a slice lies in its block. In release nothing is known of the block but that its granules
 * begin at multiples of 8, and nothing else is needed: charges and ends are counted in granules. */
typedef struct growth {
  char *start; /* of the block, or of the slice's first granule */
  char *address;
  size_t capacity;
  size_t align;
  bool may_stay;
} growth;

static growth describe(const harena__arena *arena, const harena_bytes *bytes, size_t align) {
  growth it = {.address = bytes->data.address, .capacity = bytes->capacity, .align = align};
  it.start = it.address;
  it.may_stay = it.capacity > 0 && harena__slice_growing(arena, &it.start) == HARENA__REUSE;
  return it;
}

/* The bytes of the slice's first granule that are before it. A new place has as many, so that the
 * charge is the same wherever the slice goes. */
static size_t skew_of(const growth *it) { return (uintptr_t)it->address % HARENA__GRANULE; }

static bool extend(harena__arena *arena, const growth *it, size_t capacity) {
  size_t before = harena__distance(it->start, it->address);
  size_t old_size = before + it->capacity;
  if (!it->may_stay || !harena__extend(arena, it->start, old_size, before + capacity)) {
    return false;
  }
  harena__block_narrowed(arena, it->start, old_size);
  return true;
}

static char *replace(harena__arena *arena, const growth *it, size_t capacity,
                     harena_status *status) {
  if (it->capacity == 0) {
    return harena__try_allocate(arena, capacity, it->align, status);
  }
  size_t skew = skew_of(it);
  size_t reach = harena__distance(it->start, it->address) + it->capacity;
  bool youngest = harena__is_youngest_block(arena, it->start, reach);
  char *place = harena__replace(arena, it->address - skew, skew + it->capacity, youngest,
                                skew + capacity, it->align, status);
  return place ? place + skew : NULL;
}

/* Up to a multiple of 8, so that nothing of the charge is left unused. */
static size_t fill_granule(const growth *it, size_t capacity) {
  size_t skew = skew_of(it);
  return capacity > HARENA__MAX_SIZE - HARENA__GRANULE ? capacity
                                                       : harena__round_up(skew + capacity) - skew;
}

/* Where the slice is now; its new capacity in `*capacity`. */
static char *try_capacity(harena__arena *arena, const growth *it, size_t wanted, size_t *capacity,
                          harena_status *status) {
  *capacity = fill_granule(it, wanted);
  return extend(arena, it, *capacity) ? it->address : replace(arena, it, *capacity, status);
}

static size_t preferred_capacity(size_t capacity, size_t needed) {
  size_t doubled = capacity > HARENA__MAX_SIZE / 2 ? needed : capacity * 2;
  return harena__max(harena__max(doubled, LEAST_CAPACITY), needed);
}

/* What is more than needed is halved until it can be had. The steps do not look at the room in the
 * chunk, which depends on the layout: the capacity, and with it the charge, must not. */
static char *grow(harena__arena *arena, const growth *it, size_t needed, size_t *capacity,
                  harena_status *status) {
  size_t spare = preferred_capacity(it->capacity, needed) - needed;
  char *place = try_capacity(arena, it, needed + spare, capacity, status);
  while (!place && spare > 0) {
    spare /= 2;
    place = try_capacity(arena, it, needed + spare, capacity, status);
  }
  return place;
}

static void settle_in(harena__arena *arena, harena_bytes *bytes, char *place, size_t capacity) {
  if (place != bytes->data.address) {
    size_t skew = (uintptr_t)place % HARENA__GRANULE;
    harena__block_narrowed(arena, place - skew, skew + bytes->length);
    if (bytes->length > 0) {
      memcpy(place, bytes->data.address, bytes->length);
    }
    bytes->data = (harena_ref){place, harena__epoch_of(arena, place)};
  }
  bytes->capacity = capacity;
}

harena_status harena__slice_reserve(harena__arena *arena, harena_bytes *bytes, size_t extra,
                                    size_t align) {
  HARENA__VISIT(arena);
  if (extra <= bytes->capacity - bytes->length) {
    return HARENA_OK;
  }
  if (extra > HARENA__MAX_SIZE - bytes->length) {
    return HARENA_NO_MEMORY;
  }
  growth it = describe(arena, bytes, align);
  size_t capacity = 0;
  harena_status status = HARENA_OK;
  char *place = grow(arena, &it, bytes->length + extra, &capacity, &status);
  if (!place) {
    return status;
  }
  settle_in(arena, bytes, place, capacity);
  return HARENA_OK;
}

void harena__slice_left(harena__arena *arena, const harena_bytes *old, const harena_bytes *bytes) {
  if (old->data.address != bytes->data.address && old->capacity > 0) {
    harena__slice_moved(arena, old->data.address, old->capacity);
  }
}

/* ---- Appending ---- */

char *harena__slice_address(const harena__arena *arena, const harena_bytes *bytes) {
  if (HARENA_LIKELY(bytes->data.epoch == arena->head.epoch)) {
    return bytes->data.address;
  }
  bool is_empty = bytes->data.epoch == 0 && bytes->capacity == 0;
  return is_empty ? NULL : harena__resolve(arena, bytes->data);
}

harena_status harena__slice_append(harena__arena *arena, harena_bytes *bytes, const void *source,
                                   size_t length, size_t align) {
  harena__slice_address(arena, bytes);
  harena_bytes old = *bytes;
  harena_status status = harena__slice_reserve(arena, bytes, length, align);
  if (status == HARENA_OK && length > 0) {
    harena__slice_opened(bytes->data, bytes->length + length);
    memmove((char *)bytes->data.address + bytes->length, source, length);
    bytes->length += length;
    harena__slice_left(arena, &old, bytes);
  }
  return status;
}

static bool append(harena__arena *arena, harena_bytes *bytes, const void *source, size_t length,
                   size_t align) {
  harena_status status = harena__slice_append(arena, bytes, source, length, align);
  return status == HARENA_OK ||
         harena__fail(arena, status, harena__sum(bytes->length, length)) != NULL;
}

bool harena__bytes_append(harena *handle, harena_bytes *bytes, const void *source, size_t length,
                          size_t align) {
  return harena__entered(handle) && append(harena__record(handle), bytes, source, length, align);
}

/* Apart from the other, so that the byte is in a register on the way that is inlined. */
bool harena__bytes_append_byte(harena *handle, harena_bytes *bytes, char byte) {
  return harena__entered(handle) && append(harena__record(handle), bytes, &byte, 1, 1);
}

/* ---- Slicing ---- */

void harena__index_out_of_range(const void *data, size_t index, size_t length) {
  if (harena__entered(NULL)) {
    harena__misused(NULL, HARENA__OUT_OF_RANGE, data);
  }
  harena__panic("harena: out of range: index %zu, length %zu", index, length);
}

static _Noreturn void refuse_slice(const void *data, size_t low, size_t high, size_t length,
                                   size_t capacity) {
  harena__misused(NULL, HARENA__OUT_OF_RANGE, data);
  harena__panic("harena: out of range: slice [%zu, %zu), length %zu, capacity %zu", low, high,
                length, capacity);
}

void harena__slice_out_of_range(const void *data, size_t low, size_t high, size_t length,
                                size_t capacity) {
  (void)harena__entered(NULL);
  refuse_slice(data, low, high, length, capacity);
}

harena_bytes harena__bytes_slice(harena_bytes bytes, size_t low, size_t high) {
  (void)harena__entered(NULL);
  if (low > high || high > bytes.capacity) {
    refuse_slice(bytes.data.address, low, high, bytes.length, bytes.capacity);
  }
  if (low == bytes.capacity) {
    return empty;
  }
  harena__slice_opened(bytes.data, high);
  bytes.data.address = (char *)bytes.data.address + low;
  return (harena_bytes){bytes.data, high - low, bytes.capacity - low};
}

/* ---- Looking and copying ---- */

harena_span harena__bytes_view(const harena *handle, harena_bytes bytes) {
  if (!harena__entered(handle)) {
    return (harena_span){NULL, 0};
  }
  return (harena_span){harena__slice_address(harena__record(handle), &bytes), bytes.length};
}

char *harena__bytes_string(harena *handle, harena_bytes bytes) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  harena__arena *arena = harena__record(handle);
  const char *data = harena__slice_address(arena, &bytes);
  char *string = harena__allocate(arena, bytes.length + 1, 1);
  if (string) {
    if (bytes.length > 0) {
      memcpy(string, data, bytes.length);
    }
    string[bytes.length] = '\0';
  }
  return string;
}

char *harena__copy_to_heap(const char *data, size_t length, size_t more) {
  char *copy = malloc(harena__max(length + more, 1));
  if (copy && length > 0) {
    memcpy(copy, data, length);
  }
  return copy;
}

void *harena_bytes_to_heap(const harena *handle, harena_bytes bytes) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  return harena__copy_to_heap(harena__slice_address(harena__record(handle), &bytes), bytes.length,
                              0);
}

char *harena_bytes_string_to_heap(const harena *handle, harena_bytes bytes) {
  if (!harena__entered(handle)) {
    return NULL;
  }
  char *copy =
      harena__copy_to_heap(harena__slice_address(harena__record(handle), &bytes), bytes.length, 1);
  if (copy) {
    copy[bytes.length] = '\0';
  }
  return copy;
}
