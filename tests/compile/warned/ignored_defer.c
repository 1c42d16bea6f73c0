/* gcc -O2: -Wunused-result, clang -O0: -Wunused-result */
#include <harena.h>

void finish(void *context);

void ignore(harena *arena) { harena_defer(arena, finish, NULL); }
