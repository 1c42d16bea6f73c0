/* A program in bytes: eight of them are one operation, and any bytes are a valid program. All
 * fields are read before anything is called, so a program means the same whatever calls answer. */
#ifndef FUZZ_MODEL_OPERATION_H
#define FUZZ_MODEL_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPERATION_BYTES = 8, MOST_OPERATIONS = 1024, SLOTS = 6 };

typedef enum operation_kind {
  DO_ALLOC,
  DO_ALLOC_ZEROED,
  DO_ALLOC_BETWEEN,
  DO_COPY,
  DO_FREE,
  DO_REALLOC,
  DO_SAVE,
  DO_REWIND,
  DO_SCOPE,
  DO_DEFER,
  DO_CLEAR,
  DO_CLOSE,
  DO_OPEN,
  DO_TRIM,
  DO_LIMIT,
  DO_MISUSE,
  DO_FAULT,
  OPERATION_KINDS
} operation_kind;

typedef struct operation {
  operation_kind kind;
  unsigned slot;  /* of the arena that it is about */
  unsigned which; /* chooses among what there is: a block, a mark, a way to call */
  unsigned choice;
  size_t size;
  size_t align;
  uint16_t first; /* as they are in the bytes */
  uint16_t second;
} operation;

/* What a program may still allocate; later requests become small. */
typedef struct operation_budget {
  size_t bytes;
} operation_budget;

operation read_operation(const uint8_t *bytes, operation_budget *budget);

/* One line on stderr, for a person who wants to know what an input does. */
void print_operation(size_t step, const operation *it);

/* Bytes to a size: mostly small, some that take a chunk, some that nobody can serve. */
size_t size_of_bytes(uint16_t bytes);

#endif
