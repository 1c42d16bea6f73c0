/* The reasons that the core gives with the facts it reports through hooks.h. */
#ifndef HARENA_SRC_WHY_H
#define HARENA_SRC_WHY_H

/* Why memory ends. */
typedef enum harena__end {
  HARENA__FREED,
  HARENA__RESIZED, /* of the youngest block: it moved, as if its old place had never been taken */
  HARENA__REWOUND,
  HARENA__CLEARED,
  HARENA__CLOSED
} harena__end;

/* What may become of a block that ended. */
typedef enum harena__verdict {
  HARENA__REUSE,  /* its bytes may be used again at once */
  HARENA__HOLD,   /* it ended, but its bytes may not be used now */
  HARENA__IGNORE, /* it was no live block of this arena: nothing happened */
} harena__verdict;

/* What a caller did wrong. */
typedef enum harena__misuse {
  HARENA__STALE_REFERENCE,   /* its block's generation is over */
  HARENA__FOREIGN_REFERENCE, /* made by another arena */
  HARENA__NULL_REFERENCE,
  HARENA__DEAD_MARK,
  HARENA__BUSY_ARENA,  /* a call that is not allowed while cleanups run */
  HARENA__OUT_OF_RANGE /* an index or a slice beyond the bounds */
} harena__misuse;

#endif
