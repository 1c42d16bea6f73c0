/* gcc -O2: -Wunused-result, clang -O0: -Wunused-result */
#include <harena.h>

void ignore(harena *arena) { harena_alloc(arena, 8, 8); }
