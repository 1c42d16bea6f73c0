#include "debug_info_memory.h"

#include <backtrace.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "pages.h"
#include "size.h"

/* In place of libbacktrace's own file mmap.c, which a linker takes from the archive only for
 * symbols that nobody else defines. What libbacktrace maps by itself is the program's to a scan of
 * memory, and holds line numbers and offsets by the million: now and then a pair of them looked
 * like a pointer into an arena. Weak, as the program may link to a libbacktrace of its own before
 * us. The prototypes are those of libbacktrace's internal.h, which is not installed. */
#define REPLACEMENT __attribute__((weak, visibility("hidden")))

struct backtrace_vector {
  void *base;
  size_t size;
  size_t alc; /* bytes that are left behind `size` */
};

void *backtrace_alloc(struct backtrace_state *state, size_t size,
                      backtrace_error_callback error_callback, void *data) REPLACEMENT;
void backtrace_free(struct backtrace_state *state, void *memory, size_t size,
                    backtrace_error_callback error_callback, void *data) REPLACEMENT;
void *backtrace_vector_grow(struct backtrace_state *state, size_t size,
                            backtrace_error_callback error_callback, void *data,
                            struct backtrace_vector *vector) REPLACEMENT;
void *backtrace_vector_finish(struct backtrace_state *state, struct backtrace_vector *vector,
                              backtrace_error_callback error_callback, void *data) REPLACEMENT;
int backtrace_vector_release(struct backtrace_state *state, struct backtrace_vector *vector,
                             backtrace_error_callback error_callback, void *data) REPLACEMENT;

/* ---- Blocks of 2^n bytes ---- */

enum { SMALLEST = 4, LARGEST = 8 * sizeof(size_t) - 2 };

/* Smaller blocks are cut from a piece of this size. */
static const size_t piece_size = (size_t)1 << 20;

typedef struct free_block {
  struct free_block *next;
} free_block;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static free_block *freed[LARGEST + 1]; /* by n */
static char *piece;
static size_t piece_left;

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

void harena__guard_debug_info_memory(void) { pthread_atfork(take_lock, drop_lock, drop_lock); }

static unsigned exponent_for(size_t size) {
  unsigned exponent = SMALLEST;
  while (exponent < LARGEST && (size_t)1 << exponent < size) {
    exponent++;
  }
  return exponent;
}

/* A piece's rest is lost when the next one begins. */
static void *cut(size_t size) {
  if (size >= piece_size) {
    return harena__map_pages(size);
  }
  if (piece_left < size) {
    char *fresh = harena__map_pages(piece_size);
    if (!fresh) {
      return NULL;
    }
    piece = fresh;
    piece_left = piece_size;
  }
  piece_left -= size;
  return piece + piece_left;
}

static void *take(unsigned exponent) {
  free_block *block = freed[exponent];
  if (!block) {
    return cut((size_t)1 << exponent);
  }
  freed[exponent] = block->next;
  return block;
}

/* ---- What libbacktrace calls ---- */

void *backtrace_alloc(struct backtrace_state *state, size_t size,
                      backtrace_error_callback error_callback, void *data) {
  (void)state;
  void *memory = NULL;
  if (size <= (size_t)1 << LARGEST) {
    take_lock();
    memory = take(exponent_for(size));
    drop_lock();
  }
  if (!memory && error_callback) {
    error_callback(data, "out of memory", 0);
  }
  return memory;
}

/* Of a vector that was released `size` is less than what was allocated; the block then counts as a
 * smaller one. */
void backtrace_free(struct backtrace_state *state, void *memory, size_t size,
                    backtrace_error_callback error_callback, void *data) {
  (void)state;
  (void)error_callback;
  (void)data;
  if (!memory) {
    return;
  }
  free_block *block = memory;
  take_lock();
  free_block **head = &freed[exponent_for(size)];
  block->next = *head;
  *head = block;
  drop_lock();
}

void *backtrace_vector_grow(struct backtrace_state *state, size_t size,
                            backtrace_error_callback error_callback, void *data,
                            struct backtrace_vector *vector) {
  if (size > vector->alc) {
    size_t capacity = (size_t)1 << exponent_for(harena__sum(vector->size, size));
    void *larger = backtrace_alloc(state, capacity, error_callback, data);
    if (!larger) {
      return NULL;
    }
    if (vector->base) {
      memcpy(larger, vector->base, vector->size);
      backtrace_free(state, vector->base, vector->size + vector->alc, error_callback, data);
    }
    vector->base = larger;
    vector->alc = capacity - vector->size;
  }
  void *grown = (char *)vector->base + vector->size;
  vector->size += size;
  vector->alc -= size;
  return grown;
}

/* The vector begins anew, so what it held is the caller's. */
void *backtrace_vector_finish(struct backtrace_state *state, struct backtrace_vector *vector,
                              backtrace_error_callback error_callback, void *data) {
  (void)state;
  (void)error_callback;
  (void)data;
  void *finished = vector->base;
  *vector = (struct backtrace_vector){0};
  return finished;
}

/* It will not grow again; one that is empty is freed. */
int backtrace_vector_release(struct backtrace_state *state, struct backtrace_vector *vector,
                             backtrace_error_callback error_callback, void *data) {
  if (vector->size == 0) {
    backtrace_free(state, vector->base, vector->alc, error_callback, data);
    vector->base = NULL;
  }
  vector->alc = 0;
  return 1;
}
