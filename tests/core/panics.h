/* Panics as something to expect: a handler that jumps back into the test. */
#ifndef CORE_TEST_PANICS_H
#define CORE_TEST_PANICS_H

#include <setjmp.h>

/* The statement must panic with a message that contains `text`. */
#define assert_panics(text, statement) \
  do {                                 \
    expect_panic();                    \
    if (setjmp(panic_exit) == 0) {     \
      statement;                       \
      fail_without_panic(#statement);  \
    }                                  \
    check_panic(text);                 \
  } while (0)

extern jmp_buf panic_exit;

void expect_panic(void);
void fail_without_panic(const char *statement);
void check_panic(const char *text);

/* The message of the last panic that was expected. */
const char *panic_message(void);

#endif
