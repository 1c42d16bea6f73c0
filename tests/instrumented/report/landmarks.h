/* Functions at known lines, each of which calls `visit`: there is a return address in it then. */
#ifndef HARENA_TESTS_LANDMARKS_H
#define HARENA_TESTS_LANDMARKS_H

typedef void visitor(void);

enum { IN_LANDMARK = 9, IN_HIDDEN = 13, IN_INLINED = 22, IN_AROUND_INLINED = 27 };

void landmark(visitor *visit);
void call_hidden(visitor *visit);    /* through `hidden`, which is static */
void around_inlined(visitor *visit); /* through `inlined`, which is compiled in place */

#endif
