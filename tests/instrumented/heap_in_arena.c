/* Heap blocks that only an arena points to: heap_in_arena live|rewound|cleared|closed|reopened. In
 * a live arena they are no leak, in what has ended they are; leak_checkers_test.py asks the leak
 * checkers. */
#include <harena.h>

#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 16, HEAP_SIZE = 1000 };

typedef struct owner {
  void *heap[BLOCKS];
} owner;

static harena *arena;

/* Nothing of it may stay in the caller's frame or registers. */
__attribute__((noinline)) static void fill(void) {
  owner *it = harena_new(arena, owner);
  for (int i = 0; i < BLOCKS; i++) {
    it->heap[i] = malloc(HEAP_SIZE);
    memset(it->heap[i], i, HEAP_SIZE);
  }
}

/* What calls left below is written over. */
__attribute__((noinline)) static void forget_stack(void) {
  volatile char stack[16384];
  for (size_t i = 0; i < sizeof stack; i++) {
    stack[i] = 0;
  }
}

static bool end(const char *how, harena_mark mark) {
  if (strcmp(how, "rewound") == 0) {
    harena_rewind(arena, mark);
  } else if (strcmp(how, "cleared") == 0) {
    harena_clear(arena);
  } else if (strcmp(how, "closed") == 0) {
    harena_close(arena);
    arena = NULL;
  } else if (strcmp(how, "reopened") == 0) {
    harena_close(arena);
    arena = harena_open(NULL);
  } else {
    return strcmp(how, "live") == 0;
  }
  return true;
}

int main(int count, char **arguments) {
  arena = harena_open(NULL);
  harena_mark mark = harena_save(arena);
  fill();
  bool known = count == 2 && end(arguments[1], mark);
  forget_stack();
  return known ? 0 : 2;
}
