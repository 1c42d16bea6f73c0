/* gcc -O0: -Wformat=, clang -O0: -Wformat */
#include <harena.h>

char *describe(harena *arena, long number) { return harena_printf(arena, "%d", number); }
