/* Who holds a pointer: a place in memory, or a register, with a name that people know it by. */
#ifndef HARENA_INSTRUMENT_HOLDER_H
#define HARENA_INSTRUMENT_HOLDER_H

#include "ledger.h"

/* In the order of `harena__holder_kind_name`. */
typedef enum harena__holder_kind {
  HARENA__HOLDER_GLOBAL,
  HARENA__HOLDER_STATIC,
  HARENA__HOLDER_THREAD_LOCAL,
  HARENA__HOLDER_HEAP,
  HARENA__HOLDER_ARENA,
  HARENA__HOLDER_THREAD,     /* another thread's stack */
  HARENA__HOLDER_FRAME,      /* the calling thread's stack */
  HARENA__HOLDER_REGISTER,   /* of the calling thread, saved in its caller */
  HARENA__HOLDER_REGISTERED, /* a slot or a root that the program has named */
  HARENA__HOLDER_KINDS
} harena__holder_kind;

enum {
  HARENA__HOLDER_NAME = 704,
  HARENA__HOLDER_SYMBOL = 128,
  HARENA__HOLDER_FILE = 256,
  HARENA__HOLDER_FRAMES = 16
};

typedef struct harena__holder_record {
  harena__holder_kind kind;
  bool weak;                      /* may be what a compiler left behind: counted, not reported */
  const void *slot;               /* the place; of a register, NULL */
  const void *target;             /* what it holds, tag bits included */
  char name[HARENA__HOLDER_NAME]; /* "global last_user+8 (users.c:14, in ./server)" */
  char
      symbol[HARENA__HOLDER_SYMBOL]; /* "last_user": the same in every run; "" when there is none */
  char file[HARENA__HOLDER_FILE];    /* where a variable is declared, or "" */
  unsigned line;                     /* 0 when not known */
  uintptr_t next_part;               /* of a variable that a compiler took apart, the next; or 0 */
  const harena__entry *block;        /* the arena's block that the slot lies in, or NULL */
  harena__entry home;                /* a copy, for `block` to point to */
  size_t depth;                      /* of the stack that allocated a heap block; 0: not known */
  uintptr_t frames[HARENA__HOLDER_FRAMES]; /* return addresses, innermost first */
} harena__holder_record;

/* "global", "thread-local" and so on: the names of `harena_holder.kind`. */
const char *harena__holder_kind_name(harena__holder_kind kind);

#endif
