/* gcc -O2: -Wunused-result, clang -O0: -Wunused-result */
#include <harena.h>

void ignore(harena *arena) { harena_printf(arena, "%d", 1); }
