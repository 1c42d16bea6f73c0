/* gcc -O2: -Wunused-result, clang -O0: -Wunused-result */
#include <harena.h>

void ignore(harena *arena, void *block) { harena_realloc(arena, block, 8, 16, 8); }
