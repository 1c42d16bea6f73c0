/* The header names the lines. */
#include "landmarks.h"

#define KEEP __attribute__((noinline))
/* So that no call becomes a jump, and no two functions are the same to the compiler. */
#define AFTER_CALL() __asm__ volatile("" ::"i"(__LINE__))

KEEP void landmark(visitor *visit) {
  visit(); /* IN_LANDMARK */
  AFTER_CALL();
}
KEEP static void hidden(visitor *visit) {
  visit(); /* IN_HIDDEN */
  AFTER_CALL();
}
void call_hidden(visitor *visit) {
  hidden(visit);
  AFTER_CALL();
}

__attribute__((always_inline)) static inline void inlined(visitor *visit) {
  visit(); /* IN_INLINED */
  AFTER_CALL();
}

KEEP void around_inlined(visitor *visit) {
  inlined(visit); /* IN_AROUND_INLINED */
  AFTER_CALL();
}
