/* The workloads, once per contender: see contender.h. CONTENDER is the name of the table that this
 * file defines at its end. Each block is written to, as programs do with what they allocate. */

static ALWAYS_INLINE void fill(arena *into, size_t size, size_t align, size_t count) {
  for (size_t i = 0; i < count; i++) {
    *(size_t *)arena_alloc(into, size, align) = i;
  }
}

static void fill16(const struct run *run) { fill(run->arena, 16, 8, run->count); }

static void fill64(const struct run *run) { fill(run->arena, 64, 8, run->count); }

static void fill64_aligned(const struct run *run) { fill(run->arena, 64, 16, run->count); }

static void hot16(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill(run->arena, 16, 8, HOT_BLOCKS);
    arena_clear(run->arena);
  }
}

static void live16(const struct run *run) {
  fill(run->arena, 16, 8, run->count);
  arena_clear(run->arena);
}

static void live24(const struct run *run) {
  fill(run->arena, 24, 8, run->count);
  arena_clear(run->arena);
}

static void live64(const struct run *run) {
  fill(run->arena, 64, 8, run->count);
  arena_clear(run->arena);
}

static ALWAYS_INLINE void fill_sizes(arena *into, size_t first, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t size = request_sizes[(first + i) % REQUEST_SIZES];
    *(size_t *)arena_alloc(into, size, 8) = i;
  }
}

static void fill_request(const struct run *run) { fill_sizes(run->arena, 0, run->count); }

static void request(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill_sizes(run->arena, i * REQUEST_BLOCKS, REQUEST_BLOCKS);
    arena_clear(run->arena);
  }
}

static ALWAYS_INLINE void write_profile_block(char *block, size_t i) {
  *block = (char)i;
  block[profile_positions[i % PROFILE_SIZES]] = (char)i;
}

static void profile(const struct run *run) {
  arena *into = run->arena;
  for (size_t i = 0; i < run->count; i++) {
    write_profile_block(arena_alloc(into, profile_sizes[i % PROFILE_SIZES], 8), i);
  }
  arena_clear(into);
}

static void zeroed16(const struct run *run) {
  arena *into = run->arena;
  for (size_t i = 0; i < run->count; i++) {
    *(size_t *)arena_alloc_zeroed(into, 16, 8) = i;
  }
  arena_clear(into);
}

static ALWAYS_INLINE void fill_sizes_zeroed(arena *into, size_t first, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t size = request_sizes[(first + i) % REQUEST_SIZES];
    *(size_t *)arena_alloc_zeroed(into, size, 8) = i;
  }
}

static void zeroed_request(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill_sizes_zeroed(run->arena, i * REQUEST_BLOCKS, REQUEST_BLOCKS);
    arena_clear(run->arena);
  }
}

static void zeroed_profile(const struct run *run) {
  arena *into = run->arena;
  for (size_t i = 0; i < run->count; i++) {
    write_profile_block(arena_alloc_zeroed(into, profile_sizes[i % PROFILE_SIZES], 8), i);
  }
  arena_clear(into);
}

static void clear(const struct run *run) { arena_clear(run->arena); }

static void block_clear(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill(run->arena, 16, 8, 1);
    arena_clear(run->arena);
  }
}

static void first_touch(const struct run *run) {
  arena *fresh = arena_open(run);
  fill(fresh, 64, 8, run->count);
  arena_close(fresh);
}

static void open_close(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    arena *fresh = arena_open(run);
    fill(fresh, 64, 8, OPEN_BLOCKS);
    arena_close(fresh);
  }
}

static void open_in_buffer(const struct run *run) {
  _Alignas(64) char buffer[OPEN_BUFFER_BYTES];
  for (size_t i = 0; i < run->count; i++) {
    arena *fresh = arena_open_in(buffer, sizeof buffer);
    fill(fresh, 64, 8, OPEN_BLOCKS);
    arena_close(fresh);
  }
}

static ALWAYS_INLINE void fill_referenced(arena *into, size_t count) {
  for (size_t i = 0; i < count; i++) {
    *(size_t *)arena_alloc_referenced(into, 16, 8) = i;
  }
}

static void fill_references(const struct run *run) { fill_referenced(run->arena, run->count); }

static void hot_references(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill_referenced(run->arena, HOT_BLOCKS);
    arena_clear(run->arena);
  }
}

static ALWAYS_INLINE void fill_called_with(arena_alloc_function *alloc, arena *into, size_t count) {
  for (size_t i = 0; i < count; i++) {
    *(size_t *)alloc(into, 16, 8) = i;
  }
}

static void fill_called(const struct run *run) {
  fill_called_with(arena_exported_alloc(), run->arena, run->count);
}

static void hot_called(const struct run *run) {
  arena_alloc_function *alloc = arena_exported_alloc();
  for (size_t i = 0; i < run->count; i++) {
    fill_called_with(alloc, run->arena, HOT_BLOCKS);
    arena_clear(run->arena);
  }
}

#include "text_workloads.h"

const struct contender_passes CONTENDER = {
    .open = open_arena,
    .close = close_arena,
    .pass =
        {
            [PASS_FILL16] = fill16,
            [PASS_FILL64_ALIGNED] = fill64_aligned,
            [PASS_FILL64] = fill64,
            [PASS_FILL_REQUEST] = fill_request,
            [PASS_HOT16] = hot16,
            [PASS_LIVE16] = live16,
            [PASS_LIVE24] = live24,
            [PASS_LIVE64] = live64,
            [PASS_REQUEST] = request,
            [PASS_PROFILE] = profile,
            [PASS_ZEROED16] = zeroed16,
            [PASS_ZEROED_REQUEST] = zeroed_request,
            [PASS_ZEROED_PROFILE] = zeroed_profile,
            [PASS_CLEAR] = clear,
            [PASS_BLOCK_CLEAR] = block_clear,
            [PASS_FIRST_TOUCH] = first_touch,
            [PASS_OPEN_CLOSE] = open_close,
            [PASS_OPEN_IN_BUFFER] = open_in_buffer,
            [PASS_FILL_REFERENCES] = fill_references,
            [PASS_HOT_REFERENCES] = hot_references,
            [PASS_FILL_CALLED] = fill_called,
            [PASS_HOT_CALLED] = hot_called,
            [PASS_FILL_APPEND1] = fill_append1,
            [PASS_FILL_APPEND16] = fill_append16,
            [PASS_HOT_APPEND1] = hot_append1,
            [PASS_HOT_APPEND16] = hot_append16,
            [PASS_HOT_PRINT] = hot_print,
        },
};
